"""A small town in use: a row for every state that some page shows, and the address of each such page."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from citizens.domain.links import CONFIRM_ADDRESS, STOP_ADDRESS
from citizens.models import AddressChange
from citizens.services.letters import unsubscribe_url
from citizens.services.links import issue, my_page_token, my_page_url
from citizens.services.mailboxes import mailbox_for
from donations.models import Donation, Payment, ReceiptAddress, RecurringDonation
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.gifts.monthly_mails import mend_url
from donations.services.gifts.pledging import Choice, pledge_gift
from donations.services.links import thanks_url, transfer_url
from foundation.links import sign
from foundation.times_of_week import WeeklyTime
from outbox.models import Message
from programs.forms.activity import facts_of
from programs.models import Activity, ActivityQuestion, Fund, Membership, Opportunity, Program, Provider
from programs.services.activities import write_draft
from programs.services.places import take_place
from programs.services.text_drafts import write_words
from tests.browser.steps import publish
from tests.donations.gifts import make_donation, make_donor
from tests.factories import make_activity, make_shift, role_of
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.domain.links import LEAVE_PLACEMENT, MY_PLEDGES
from volunteers.models import Assignment, GuardianConsent, Offer, Placement, TimePledge, Volunteer
from volunteers.services.guardians import consent_text, open_consent, rest_consent
from volunteers.services.links import (
    confirm_url,
    guardian_url,
    offer_url,
    placement_letter_url,
    placement_steps_url,
)
from volunteers.services.pledges import Person, record_pledge
from volunteers.services.wishes import Wishes
from volunteers.wording.mails import DATE_REMINDERS
from workshop.demo.accounts import PASSWORD

STRANGER = "ohne-amt@demo.example"
SATURDAY = WeeklyTime(5, 9 * 60, 12 * 60)
REASONS = [{"code": "free_on", "values": [5]}, {"code": "distance", "values": [1200]}]
Addresses = dict[str, str]


@transaction.atomic
def furnish() -> Addresses:
    """Make the rows and return the address of every page that needs one of them, by a name of its own."""
    now = timezone.now()
    stranger = User.objects.create_user(STRANGER, password=PASSWORD)
    assert not Membership.objects.filter(user=stranger).exists()
    return {**programs(), **people(now), **gifts(now), **mails()}


def programs() -> Addresses:
    weekly = _task("Lernpatin am Samstag", "lernpatin", places=8)
    full = _task("Ausflug in den Tierpark", "tierpark", places=1)
    take_place(role_of(full).pk)
    _task("Elterncafé am Samstag", "elterncafe", skills=["reading"], languages=["tr"])
    draft = _task("Basteln im Advent", "basteln", status=Opportunity.Status.DRAFT)
    review = _task("Schach am Samstag", "schach", status=Opportunity.Status.IN_REVIEW)
    program = Program.objects.filter(is_listed=True).order_by("pk").first()
    assert program is not None
    return {
        "task": weekly.get_absolute_url(),
        "districts, a single task": reverse("coordination_dashboard", query={"task": weekly.pk}),
        "task without a free place": full.get_absolute_url(),
        "program": program.get_absolute_url(),
        "notice": reverse("notice", args=["task", weekly.pk]),
        **_activities(draft),
        "own task": reverse("coordination_opportunity", args=[weekly.pk]),
        "own task in review": reverse("coordination_opportunity", args=[review.pk]),
        "own task, edit": reverse("coordination_opportunity_edit", args=[draft.pk]),
    }


def _activities(draft: Opportunity) -> Addresses:
    """One with a next version that somebody else wrote, and a task that fits none."""
    mentoring = Activity.objects.select_related("current").get(slug="patenschaft")
    assert mentoring.current is not None
    facts = facts_of(mentoring.current) | {"minimum_age": 17, "reasons": "Auch mit 17 möglich."}
    now, writer = timezone.now(), User.objects.get(email=STRANGER)
    write_draft(mentoring, facts, by=writer, now=now)
    question = ActivityQuestion.objects.create(
        opportunity=draft, text="Es gibt Tiere und Kinder.", status_changed_at=now, asked_at=now
    )
    return {
        "activity": reverse("coordination_activity", args=[mentoring.pk]),
        "activity, next version": reverse("coordination_activity_edit", args=[mentoring.pk]),
        "question about an activity": reverse("coordination_activity_question", args=[question.pk]),
    }


def _task(title: str, slug: str, **values: object) -> Opportunity:
    slots = [(5, 9 * 60, 11 * 60)]
    return publish(title, slug=slug, field="education", slots=slots, **{"places": 4, **values})


def people(now: datetime) -> Addresses:
    """One person with everything, one who has nothing any more, and links in every state."""
    task = Opportunity.objects.get(slug="lernpatin")
    rosa = make_pledge(now, email="rosa@example.org", first_name="Rosa", times=[SATURDAY])
    empty = make_pledge(now, email="leo@example.org", first_name="Leo", times=[SATURDAY])
    TimePledge.objects.filter(pk=empty.pk).update(status=TimePledge.Status.WITHDRAWN)
    asked = _offer(rosa, task, now)
    return {
        **_unconfirmed(now),
        **_own_pages(rosa, now),
        **_changed_address(rosa.volunteer, now),
        **_offers(asked, now),
        **_placements(task, now),
        "my page, empty": _path(my_page_url(empty.volunteer.mailbox, now)),
        "my page, expired link": _path(my_page_url(rosa.volunteer.mailbox, now - timedelta(days=4000))),
    }


def _unconfirmed(now: datetime) -> Addresses:
    person = Person(first_name="Nino", email="nino@example.org")
    typed = record_pledge(person, Wishes(times=[SATURDAY]), now=now)
    known = make_pledge(now, email="kim@example.org", first_name="Kim", times=[SATURDAY])
    return {
        "pledge to confirm": _path(confirm_url(typed, now)),
        "pledge confirmed before": _path(confirm_url(known, now)),
    }


def _own_pages(pledge: TimePledge, now: datetime) -> Addresses:
    person = pledge.volunteer
    own = _path(my_page_url(person.mailbox, now))
    aged = _path(my_page_url(person.mailbox, now - timedelta(days=9)))
    before = sign(MY_PLEDGES.purpose, f"{person.pk}.1", now=now, valid_for=MY_PLEDGES.valid_for)
    own_time = reverse("my_pledges_with", args=[my_page_token(person.mailbox, now)])
    return {
        "my page with time and money": own,
        "my page, link from before": reverse("my_page", args=[before]),
        "my page, settings": f"{own}einstellungen/",
        "my page, links": f"{own}links/",
        "my page, address": f"{own}adresse/",
        "my page, data": f"{own}auskunft/",
        "my page, erase": f"{own}loeschen/",
        "my page, erase from an old link": f"{aged}loeschen/",
        "unsubscribe": _path(unsubscribe_url(person.mailbox, DATE_REMINDERS, now)),
        "my data": f"{own_time}angaben/{person.pk}/",
        **{
            f"my pledge, {step}": f"{own_time}{pledge.pk}/{step}/"
            for step in ("aendern", "pause", "zurueckziehen", "abwesend")
        },
    }


def _changed_address(person: Volunteer, now: datetime) -> Addresses:
    change = AddressChange.objects.create(
        mailbox=person.mailbox,
        from_email=person.email,
        to_email="rosa.neu@example.org",
        status_changed_at=now,
        asked_at=now,
    )
    tokens = {kind: issue(kind, person.mailbox, change.pk, now) for kind in (CONFIRM_ADDRESS, STOP_ADDRESS)}
    return {
        "my address, to confirm": reverse("my_address_confirm", args=[tokens[CONFIRM_ADDRESS]]),
        "my address, to stop": reverse("my_address_stop", args=[tokens[STOP_ADDRESS]]),
    }


def _offers(asked: Offer, now: datetime) -> Addresses:
    states = {
        "accepted": {"answered_at": now},
        "declined": {"answered_at": now, "decline_reason": "later"},
        "expired": {},
    }
    found = {"offer": _path(offer_url(asked, now))}
    for status, values in states.items():
        pledge = make_pledge(now, email=f"{status}@example.org", first_name="Uli", times=[SATURDAY])
        offer = _offer(pledge, asked.opportunity, now)
        Offer.objects.filter(pk=offer.pk).update(status=status, **values)
        found[f"offer, {status}"] = _path(offer_url(offer, now))
    return found


def _offer(pledge: TimePledge, task: Opportunity, now: datetime) -> Offer:
    return make_sent_offer(pledge, task, now, reasons=REASONS)


def _of_a_minor(now: datetime) -> Addresses:
    """What somebody under age and their guardian see before the first date."""
    activity = make_activity("Schwimmbad", self_commitment=True, measles_sites=["kita"])
    task = _task("Schwimmen helfen", "schwimmen", activity=activity, site_kind="kita")
    waiting, long_ago = _consent("Mina", task, now), now - timedelta(days=9)
    proof = {"name": "Eva Muster", "declaration": consent_text(), "given_at": long_ago}
    given, rests = (_consent(name, task, long_ago, **proof) for name in ("Mika", "Malik"))
    assert rest_consent(rests, now=now) is True
    anew = open_consent(rests.placement)
    assert anew is not None
    return {
        "steps": _path(placement_steps_url(waiting.placement, now)),
        "guardian": _path(guardian_url(waiting, now)),
        "guardian who agreed, by an old link": _path(guardian_url(given, long_ago)),
        "guardian, asked by mail": _path(guardian_url(rests, long_ago)),
        "guardian, by the link of that mail": _path(guardian_url(anew, now)),
    }


def _consent(first_name: str, task: Opportunity, now: datetime, **proof: Any) -> GuardianConsent:
    """A guardian of a minor was asked; with `proof` they agreed."""
    placement = _placement(first_name, task, now, Placement.Status.AWAITING_CLEARANCE)
    Volunteer.objects.filter(first_name=first_name).update(is_adult=False)
    mailbox = mailbox_for("eltern@example.org", now)
    return GuardianConsent.objects.create(placement=placement, mailbox=mailbox, asked_at=now, **proof)


def _placements(task: Opportunity, now: datetime) -> Addresses:
    waiting = _placement("Ela", task, now, Placement.Status.AWAITING_CONFIRMATION)
    inspected = _placement("Tom", task, now, Placement.Status.AWAITING_CLEARANCE)
    helper = _task("Plakate kleben", "plakate", clearance_required=False, contact_with_minors=False)
    active = _placement("Ayla", helper, now, Placement.Status.ACTIVE, from_on=date(2026, 1, 10))
    for days in (-7, 7):
        shift = make_shift(helper, now + timedelta(days=days))
        Assignment.objects.create(placement=active, shift=shift, status_changed_at=now)
    return {
        "letter": _path(placement_letter_url(inspected, now)),
        **_of_a_minor(now),
        "placement to confirm": reverse("coordination_placement", args=[waiting.pk]),
        "placement that waits": reverse("coordination_placement", args=[inspected.pk]),
        "placement": reverse("coordination_placement", args=[active.pk]),
        "clearance": reverse("coordination_clearance", args=[inspected.pk]),
        "clearance, nothing to inspect": reverse("coordination_clearance", args=[active.pk]),
        "my page with a placement": _path(my_page_url(active.volunteer.mailbox, now)),
        **_leaving(active, now),
    }


def _leaving(placement: Placement, now: datetime) -> Addresses:
    mailbox = placement.volunteer.mailbox
    own, step = my_page_token(mailbox, now), issue(LEAVE_PLACEMENT, mailbox, placement.pk, now)
    return {
        "my placement, leave": reverse("placement_leave", args=[own, placement.pk]),
        "my placement, leave by mail": reverse("placement_leave_step", args=[step]),
    }


def _placement(name: str, task: Opportunity, now: datetime, status: str, **values: object) -> Placement:
    pledge = make_pledge(now, email=f"{name.lower()}@example.org", first_name=name, times=[SATURDAY])
    return make_placement(pledge, task, now, status, **values)


def gifts(now: datetime) -> Addresses:
    """A promised transfer, one that came, one without a code, a debit, a monthly gift, a purpose in use."""
    fund = Fund.objects.get(slug="kinderfonds")
    promised = _promise(fund, "transfer", now)
    received = _promise(fund, "transfer", now, email="rosa@example.org")
    _arrive(fund.provider, received.transfer_reference.reference, now)
    stray = _arrive(fund.provider, "Spende", now)
    received.refresh_from_db()
    monthly = RecurringDonation.objects.create(
        donor=received.donor,
        fund=fund,
        amount_cents=1000,
        method="card",
        status="active",
        status_changed_at=now,
        created_at=now,
        stripe_subscription_id="sub_town",
    )
    Donation.objects.filter(pk=received.pk).update(recurring=monthly)
    _take_debit(fund, now)
    ending = reverse("my_gifts_end", args=[my_page_token(received.donor.mailbox, now), monthly.pk])
    return {
        "transfer": _path(transfer_url(promised)),
        "thanks, received": _path(thanks_url(received)),
        "thanks, payment open": _path(thanks_url(_promise(fund, "card", now))),
        **{f"thanks, {status}": _path(thanks_url(_gift(fund, status, now))) for status in OTHER_STATES},
        "fund": reverse("fund", args=[fund.slug]),
        "my gifts, end": ending,
        "my gifts, change": ending.replace("beenden", "aendern"),
        "my gifts, mend": _path(mend_url(monthly, now)),
        **_receipt_address(received, now),
        "credit to assign": reverse("coordination_credit", args=[stray]),
        "today, a row opened": _opened(stray),
        "words that wait": _waiting(fund, now),
    }


def _take_debit(fund: Fund, now: datetime) -> None:
    """Of somebody with a long address; all that the payment service tells of it."""
    day = now.date()
    gift = make_donation(
        fund,
        donor=make_donor("maria-magdalena.mustermann-beispiel@example.org"),
        donor_name="Maria-Magdalena Mustermann-Beispiel",
        method="sepa_debit",
        status="received",
        received_at=now,
        debited_on=day,
        acceptance="not_needed",
    )
    Payment.objects.create(
        donation=gift,
        external_id="pi_town",
        amount_cents=gift.amount_cents,
        received_at=now,
        debited_on=day,
        charge="py_3TownQ2eZvKYlo2C1a2b3c4d",
        mandate="mandate_1TownQ2eZvKYlo2C5e6f7g8h",
        fee_cents=35,
        settles_on=day + timedelta(days=7),
        country="DE",
    )


def _receipt_address(gift: Donation, now: datetime) -> Addresses:
    """The wish for a receipt, and where its giver corrects the address: by a new link and by an old one."""
    Donation.objects.filter(pk=gift.pk).update(wants_receipt=True, donor_name="Rosa Reich")
    ReceiptAddress.objects.create(donation=gift, street="Weg 1", postcode="52349", town="Düren")
    ways = {"": now, " by an old link": now - timedelta(days=9)}
    return {
        f"my gifts, address{way}": reverse(
            "my_receipt_address", args=[my_page_token(gift.donor.mailbox, moment), gift.pk]
        )
        for way, moment in ways.items()
    }


def _opened(line: int) -> str:
    """The last page of the lines to assign, with the newest opened."""
    asked = {"art": "eingaenge", "page": "99", "offen": f"eingaenge-{line}"}
    return reverse("coordination", query=asked)


def _waiting(fund: Fund, now: datetime) -> str:
    """Words of a purpose that somebody else wrote: two changed columns, one word that is asked about.

    Those of a program wait beside them.
    """
    writer = User.objects.get(email=STRANGER)
    program = Program.objects.filter(is_listed=True).order_by("pk").first()
    assert program is not None
    assert write_words(program, {"site": "Haus der Stadt, 1. Stock"}, by=writer, now=now) is not None
    words = {"purpose": "Hefte, Stifte und ein Quorbel für den Schulanfang.", "unit_label": "Schulheft"}
    draft = write_words(fund, words, by=writer, now=now)
    assert draft is not None
    return reverse("coordination_text", args=[draft.pk])


OTHER_STATES = ("processing", "awaiting", "refused", "disputed", "lapsed")


def _gift(fund: Fund, status: str, now: datetime) -> Donation:
    """A gift in a state that only the payment service or the city brings about; nothing is booked for it."""
    has_come = status not in ("processing", "lapsed")
    is_large = status in ("awaiting", "refused")
    return make_donation(
        fund,
        status="received" if is_large else status,
        received_at=now if has_come else None,
        acceptance=status if is_large else "not_needed",
        acceptance_at=now if status == "refused" else None,
    )


def _promise(fund: Fund, method: str, now: datetime, email: str = "") -> Donation:
    choice = Choice(
        visit=uuid4(),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=2500,
        method=method,
        email=email or f"{uuid4().hex[:8]}@example.org",
    )
    return pledge_gift(choice, client="127.0.0.1", now=now)


def _arrive(provider: Provider, remittance: str, now: datetime) -> int:
    credit = Credit(now.date(), 2500, "Rita Reich", remittance)
    line, _is_new = record_bank_transfer(provider, credit, recorded_by=None, now=now)
    return line.pk


def mails() -> Addresses:
    message = Message.objects.filter(template="pledge_confirmed").order_by("pk").first()
    assert message is not None
    return {"mail of the demo": f"/demo/post/{message.pk}/"}


def _path(url: str) -> str:
    """Return the path of a full address."""
    return "/" + url.split("/", 3)[3]
