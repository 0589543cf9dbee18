"""A small town with one row of everything, all of one provider and of one citizen."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client

from accounts.models import SavedView, User
from citizens.domain.links import CONFIRM_ADDRESS, ERASE, STOP_ADDRESS, LinkKind, unsubscribe_kind
from citizens.models import AddressChange
from citizens.services.links import ask_token, issue, my_page_token
from citizens.services.mailboxes import mailbox_for
from donations.domain.links import CHANGE_MONTHLY, CORRECT_ADDRESS, END_MONTHLY, MEND_MONTHLY, MY_GIFTS
from donations.models import (
    BankTransaction,
    CashCount,
    Donation,
    Donor,
    Method,
    Proposal,
    RecurringDonation,
    StatementImport,
    TransferReference,
)
from donations.receipts.models import Contribution, Issuer, Receipt
from donations.receipts.services import issuing
from donations.receipts.services.contributions import confirm
from donations.receipts.services.issuers import propose
from donations.receipts.services.withdrawal import withdraw_by_hand
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.cash.counts import Counted
from donations.services.cash.counts import confirm as confirm_cash
from donations.services.cash.counts import write_down as write_down_cash
from donations.services.gifts.pledging import Address, Choice, donor_for, pledge_gift
from donations.services.treasury.proposals import propose_payout
from figures.models import CityReport
from foundation.actors import system
from foundation.clock import local_day
from foundation.links import sign
from foundation.units import Cents
from programs.domain.declarations import DeclarationKind
from programs.forms.activity import facts_of
from programs.models import (
    Activity,
    ActivityQuestion,
    ApiToken,
    City,
    Closure,
    DataImport,
    Declaration,
    District,
    Fund,
    Invitation,
    Membership,
    Notice,
    Opportunity,
    Program,
    Provider,
    Role,
    TextDraft,
    Webhook,
    WebhookDelivery,
)
from programs.services.activities import write_draft
from programs.services.api_tokens import make_token
from programs.services.closures import close_days
from programs.services.declarations import write_declaration
from programs.services.invitations import invite_to_role, staff_token
from programs.services.text_drafts import write_words
from programs.services.webhooks import make_webhook
from tests.access.people import WITHOUT_ACCOUNT, Who, make_people
from tests.donations.gifts import make_donation
from tests.donations.receipts.bodies import city, hand, make_issuer, wished_gift, written_down
from tests.factories import (
    make_activity,
    make_coordinator,
    make_declaration,
    make_district,
    make_fund,
    make_notice,
    make_opportunity,
    make_program,
    make_provider,
    make_role,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.domain.links import LEAVE_PLACEMENT, MY_PLEDGES, WITHDRAW_PLEDGE
from volunteers.models import (
    Assignment,
    AvailabilityException,
    Clearance,
    GuardianConsent,
    Offer,
    Placement,
    StandInQuestion,
    StandInSearch,
    TimePledge,
    Volunteer,
)
from volunteers.services.links import (
    confirm_url,
    guardian_url,
    offer_url,
    person_calendar_url,
    placement_calendar_url,
    placement_letter_url,
    placement_steps_url,
    stand_in_url,
)
from volunteers.services.pledges import Person, record_pledge
from volunteers.services.wishes import Wishes
from volunteers.wording.mails import DATE_REMINDERS
from wirbrauchensie.dashboard.filters import Choice as FigureChoice
from wirbrauchensie.reports.content import counted_now, written

SURNAME = "Kanarienfeder"
GIVER = "kanarien.geberin@example.org"
CERTIFICATE_AGE = timedelta(days=47)


@dataclass(frozen=True)
class Receipts:
    """One receipt in each state, a wish that waits, and what waits for a second person."""

    issued: Receipt
    draft: Receipt
    withdrawn: Receipt
    wish: Donation
    paid_otherwise: Donation
    proposal: Issuer
    contribution: Contribution
    confirmed: Contribution


@dataclass(frozen=True)
class Scene:
    """The rows; `people` are those who sign in."""

    now: datetime
    people: dict[Who, User]
    provider: Provider
    district: District
    program: Program
    published: Opportunity
    spare_role: Role
    in_review: Opportunity
    activity: Activity
    question: ActivityQuestion
    closure: Closure
    notice: Notice
    fund: Fund
    unconfirmed: TimePledge
    pledge: TimePledge
    others_pledge: TimePledge
    paused: TimePledge
    absence: AvailabilityException
    offer: Offer
    to_confirm: Placement
    to_inspect: Placement
    to_sign: Placement
    consent: GuardianConsent
    commitment: Declaration
    consent_text: Declaration
    active: Placement
    assignment: Assignment
    coming: Assignment
    stand_in: StandInQuestion
    certificate_on: date
    donation: Donation
    to_accept: Donation
    monthly: RecurringDonation
    bank_line: BankTransaction
    proposal: Proposal
    cash: CashCount
    cash_here: CashCount
    text: TextDraft
    statement: StatementImport
    receipts: "Receipts"
    others_donor: Donor
    person: Volunteer
    address_change: AddressChange
    view: SavedView
    held: Membership
    invitation: Invitation
    api_token: ApiToken
    webhook: Webhook
    told: WebhookDelivery
    file: DataImport
    report: CityReport

    def client(self, who: Who) -> Client:
        """Return the browser of `who`, signed in if they have an account."""
        client = Client(raise_request_exception=False)
        if who not in WITHOUT_ACCOUNT:
            client.force_login(self.people[who])
        return client

    def link(self, kind: str, who: Who) -> str:
        """Return the token with which `who` comes to a page of the citizen.

        The citizen has a genuine one, the other citizen a genuine one of their own for "Meine Seite", and
        those from before there was one; everybody else made one up.
        """
        if who == Who.CITIZEN:
            return self._own_link(kind)
        if who == Who.OTHER_CITIZEN:
            if kind == "my_gifts":
                return self._old_link(MY_GIFTS, f"{self.others_donor.pk}")
            if kind == "my_pledges":
                return self._old_link(MY_PLEDGES, f"{self.others_pledge.volunteer_id}.1")
            return my_page_token(self.others_pledge.volunteer.mailbox, self.now)
        return sign("made up", f"{self.pledge.volunteer_id}.1", now=self.now, valid_for=timedelta(days=1))

    def _own_link(self, kind: str) -> str:
        mailbox, giver = self.pledge.volunteer.mailbox, self.donation.donor.mailbox
        reminders = unsubscribe_kind(DATE_REMINDERS.name)
        tokens = {
            "my_page": lambda: my_page_token(mailbox, self.now),
            "giver": lambda: my_page_token(giver, self.now),
            "ask": lambda: ask_token(mailbox, self.now),
            "erase": lambda: issue(ERASE, mailbox, mailbox.pk, self.now),
            "new_address": lambda: issue(CONFIRM_ADDRESS, mailbox, self.address_change.pk, self.now),
            "old_address": lambda: issue(STOP_ADDRESS, mailbox, self.address_change.pk, self.now),
            "withdraw": lambda: issue(WITHDRAW_PLEDGE, mailbox, self.pledge.pk, self.now),
            "leave": lambda: issue(LEAVE_PLACEMENT, mailbox, self.active.pk, self.now),
            "end_monthly": lambda: issue(END_MONTHLY, giver, self.monthly.pk, self.now),
            "change_monthly": lambda: issue(CHANGE_MONTHLY, giver, self.monthly.pk, self.now),
            "mend_monthly": lambda: issue(MEND_MONTHLY, giver, self.monthly.pk, self.now),
            "correct_address": lambda: issue(CORRECT_ADDRESS, giver, self.receipts.wish.pk, self.now),
            "unsubscribe": lambda: issue(reminders, mailbox, mailbox.pk, self.now),
            "my_pledges": lambda: self._old_link(MY_PLEDGES, f"{self.pledge.volunteer_id}.1"),
            "my_gifts": lambda: self._old_link(MY_GIFTS, f"{self.donation.donor_id}"),
        }
        if kind in tokens:
            return tokens[kind]()
        addresses = {
            "confirm": lambda: confirm_url(self.unconfirmed, self.now),
            "offer": lambda: offer_url(self.offer, self.now),
            "stand_in": lambda: stand_in_url(self.stand_in, self.now),
            "calendar": lambda: placement_calendar_url(self.active, self.now),
            "feed": lambda: person_calendar_url(self.person, self.now),
            "letter": lambda: placement_letter_url(self.to_inspect, self.now),
            "steps": lambda: placement_steps_url(self.to_sign, self.now),
            "guardian": lambda: guardian_url(self.consent, self.now),
        }
        return _token(addresses[kind]())

    def invitation_token(self) -> str:
        """Return what the link of the open invitation carries."""
        return staff_token(self.invitation, now=self.now)

    def _old_link(self, kind: LinkKind, subject: str) -> str:
        """Sign as it was done before there was one page for time and money."""
        return sign(kind.purpose, subject, now=self.now, valid_for=kind.valid_for)


def _token(address: str) -> str:
    return next(part for part in address.split("/") if part.count(":") == 2)


def make_scene(now: datetime) -> Scene:
    """Make all rows as of `now`; the certificate's date and the citizen's surname are canaries."""
    City.objects.create(source_key=settings.CITY, name="Düren", contact_email="buero@stadt.example")
    own = make_provider(
        "Haus der Familie", account_holder_name="Haus der Familie", iban="DE02120300000000202051"
    )
    district = make_district("Nord")
    certificate_on = local_day(now) - CERTIFICATE_AGE
    pledge = make_pledge(now, home_district=district)
    pledge.volunteer.last_name = SURNAME
    pledge.volunteer.save()
    active = _active_placement(pledge, own, district, certificate_on, now)
    shift = make_shift(active.opportunity, now - timedelta(hours=3))
    published = make_opportunity("Vorlesen", provider=own, district=district, places=9)
    waits = make_opportunity("Malen", provider=own, clearance_required=False)
    fund = make_fund("Ranzen", provider=own)
    donation = _promised_transfer(fund, now)
    people = make_people(own, make_provider("Anderer Träger"), make_youth_office())
    commitment, consent_text = make_declaration(), make_declaration("einverstaendnis")
    write_declaration(DeclarationKind.SELF_COMMITMENT, text="Neu.", source="Test", by=make_user(), now=now)
    return Scene(
        now=now,
        people=people,
        provider=own,
        district=district,
        program=make_program(districts=[district]),
        published=published,
        spare_role=_spare_role(own),
        in_review=make_opportunity("Kochen", provider=own, status="in_review"),
        activity=_drafted_activity(now),
        question=ActivityQuestion.objects.create(
            opportunity=make_opportunity("Backen", provider=own, status="draft", activity=None),
            text="Mit heißem Ofen.",
            status_changed_at=now,
            asked_at=now,
        ),
        closure=close_days(
            published, from_on=local_day(now), until_on=local_day(now), reason="illness", now=now
        ),
        notice=make_notice("task", published.pk, now),
        fund=fund,
        unconfirmed=record_pledge(Person("Neu", "neu@example.org", SURNAME), Wishes(times=[]), now=now),
        pledge=pledge,
        others_pledge=make_pledge(now, email="erika@example.org", first_name="Erika"),
        paused=_paused_pledge(now),
        absence=pledge.exceptions.create(from_on=local_day(now), until_on=local_day(now)),
        offer=make_sent_offer(pledge, published, now),
        to_confirm=make_placement(pledge, waits, now, "awaiting_confirmation"),
        to_inspect=make_placement(
            pledge, make_opportunity("Singen", provider=own), now, "awaiting_clearance"
        ),
        to_sign=_placement_of_a_minor("Schwimmen", own, now),
        consent=GuardianConsent.objects.create(
            placement=_placement_of_a_minor("Rudern", own, now),
            mailbox=mailbox_for("vater@example.org", now),
            asked_at=now,
        ),
        commitment=commitment,
        consent_text=consent_text,
        active=active,
        assignment=Assignment.objects.create(placement=active, shift=shift, status_changed_at=now),
        coming=Assignment.objects.create(
            placement=active,
            shift=make_shift(active.opportunity, now + timedelta(days=30)),
            status_changed_at=now,
        ),
        stand_in=_asked_to_stand_in(pledge, own, now),
        certificate_on=certificate_on,
        donation=donation,
        to_accept=make_donation(
            fund,
            amount_cents=200_000,
            status="received",
            acceptance="awaiting",
            received_at=now,
        ),
        monthly=RecurringDonation.objects.create(
            donor=donation.donor,
            fund=fund,
            amount_cents=1000,
            method=Method.SEPA,
            status="past_due",
            status_changed_at=now,
            created_at=now,
            stripe_subscription_id="sub_scene",
        ),
        bank_line=_open_bank_line(own, now),
        proposal=propose_payout(
            fund, Cents(100), "Ranzen", by=make_user(Membership.Role.TREASURER, own), now=now
        ),
        cash=_box(fund, now),
        cash_here=_counted_box(fund, now),
        text=_waiting_text(fund, now),
        statement=StatementImport.objects.create(provider=own, digest="0" * 64, imported_at=now),
        receipts=_receipts(fund, donation.donor, now),
        person=pledge.volunteer,
        others_donor=donor_for("andere@example.org", now),
        address_change=AddressChange.objects.create(
            mailbox=pledge.volunteer.mailbox,
            from_email="maria@example.org",
            to_email="maria.morgen@example.org",
            status_changed_at=now,
            asked_at=now,
        ),
        view=SavedView.objects.create(
            user=people[Who.COORDINATOR], path="/koordination/zusagen/", name="Offene", query="status=open"
        ),
        held=make_coordinator(own, name="Karla Kanarie").memberships.get(),
        invitation=invited("neu.hier@example.org", own, by=people[Who.YOUTH_OFFICE], now=now),
        webhook=(
            webhook := make_webhook(own, "https://dienstplan.example/m", by=people[Who.OWNER], now=now)[0]
        ),
        told=WebhookDelivery.objects.create(
            webhook=webhook,
            key="msg_1",
            kind="task.changed",
            subject=1,
            transaction=1,
            data={},
            created_at=now,
            status="sent",
        ),
        file=DataImport.objects.create(
            kind="tasks",
            provider=own,
            source="Liste der Gruppe",
            valid_until=local_day(now) + timedelta(days=30),
            status_changed_at=now,
            begun_at=now,
            begun_by=people[Who.COORDINATOR],
        ),
        api_token=make_token(own, "Dienstplan", ["tasks:read"], by=people[Who.OWNER], now=now)[0],
        report=CityReport.objects.create(
            made_at=now,
            counted_on=local_day(now),
            period="365",
            content=written(counted_now(FigureChoice("365"), [])),
        ),
    )


def invited(email: str, provider: Provider, *, by: User, now: datetime) -> Invitation:
    """Have somebody asked to coordinate."""
    assert invite_to_role(provider, "coordinator", email, by=by, now=now) is None
    return Invitation.objects.get(email=email)


def _spare_role(provider: Provider) -> Role:
    """One of two roles of a draft, on which nothing hangs."""
    task = make_opportunity("Turnen", provider=provider, status="draft")
    Role.objects.filter(opportunity=task).update(name="Anleiten")
    return make_role(task, "Aufbauen")


def _drafted_activity(now: datetime) -> Activity:
    """One with a next version that none of the people of the scene wrote."""
    activity = make_activity("Basteln")
    assert activity.current is not None
    facts = facts_of(activity.current) | {"reasons": "Neu geprüft."}
    return write_draft(activity, facts, by=make_user(), now=now)


def _placement_of_a_minor(title: str, provider: Provider, now: datetime) -> Placement:
    """Somebody under age at the citizen's mailbox, where all that can be asked for is missing."""
    activity = make_activity(self_commitment=True, measles_sites=["kita"])
    task = make_opportunity(title, provider=provider, activity=activity, site_kind="kita")
    pledge = make_pledge(now, first_name="Mina")
    silent = {"is_adult": False, "is_asked_with_children": False}
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(**silent)
    pledge.volunteer.refresh_from_db()
    return make_placement(pledge, task, now, "awaiting_clearance")


def _asked_to_stand_in(pledge: TimePledge, provider: Provider, now: datetime) -> StandInQuestion:
    """Somebody else cannot come to a date of a task and the citizen is asked."""
    task = make_opportunity("Basteln", provider=provider, slots=[], clearance_required=False)
    away = make_pledge(now, email="abwesend@example.org", first_name="Hans")
    absent = Assignment.objects.create(
        placement=make_placement(away, task, now, "cancelled"),
        shift=make_shift(task, now + timedelta(days=20)),
        status="excused",
        status_changed_at=now,
    )
    search = StandInSearch.objects.create(absent=absent, status_changed_at=now, created_at=now, look_at=now)
    return StandInQuestion.objects.create(
        search=search,
        pledge=pledge,
        status_changed_at=now,
        sent_at=now,
        expires_at=now + timedelta(days=2),
        asked_for=absent.shift.starts_at,
    )


def _active_placement(
    pledge: TimePledge, provider: Provider, district: District, certificate_on: date, now: datetime
) -> Placement:
    opportunity = make_opportunity("Hausaufgaben", provider=provider, district=district)
    Clearance.objects.create(
        volunteer=pledge.volunteer, opportunity=opportunity, certificate_on=certificate_on
    )
    return make_placement(pledge, opportunity, now, "active", from_on=local_day(now) - timedelta(days=20))


def _paused_pledge(now: datetime) -> TimePledge:
    """A second pledge of the same citizen."""
    pledge = make_pledge(now)
    TimePledge.objects.filter(pk=pledge.pk).update(
        status="paused", paused_until=local_day(now) + timedelta(days=30)
    )
    pledge.refresh_from_db()
    return pledge


def _waiting_text(fund: Fund, now: datetime) -> TextDraft:
    draft = write_words(fund, {"purpose": "Ranzen und Hefte."}, by=make_user(), now=now)
    assert draft is not None
    return draft


def _promised_transfer(fund: Fund, now: datetime, **said: Any) -> Donation:
    choice = Choice(
        visit=uuid4(),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=2500,
        method=Method.TRANSFER,
        email=GIVER,
        **said,
    )
    return pledge_gift(choice, client=None, now=now)


def _paid_otherwise(fund: Fund, now: datetime) -> Donation:
    """A gift whose receipt waits, because the bank names somebody else as who paid."""
    gift = _promised_transfer(fund, now, name="Ada Kanarienvogel", address=Address("Weg 1", "52349", "Düren"))
    code = TransferReference.objects.get(donation=gift).reference
    credit = Credit(local_day(now), 2500, "Oma", code)
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=now)
    return line.allocations.get().donation


def _open_bank_line(provider: Provider, now: datetime) -> BankTransaction:
    credit = Credit(local_day(now), 2500, "K. Geberin", "Spende")
    line, _is_new = record_bank_transfer(provider, credit, recorded_by=None, now=now)
    return line


def _box(fund: Fund, now: datetime) -> CashCount:
    said = Counted("Box im Bürgerbüro", local_day(now), Cents(500))
    return write_down_cash(fund, said, by=make_user(Membership.Role.TREASURER, fund.provider), now=now)


def _counted_box(fund: Fund, now: datetime) -> CashCount:
    other = make_user(Membership.Role.TREASURER, fund.provider)
    return confirm_cash(_box(fund, now).pk, Cents(500), by=other, now=now)


def _receipts(fund: Fund, donor: Donor, now: datetime) -> Receipts:
    """The body signs by hand: what is withdrawn is replaced by a draft."""
    act = {"actor": system("scene"), "now": now}
    said = city(fund, machine_notified_on=None, signature=None)
    issuer = make_issuer(fund.provider, said, now)
    first, second, wish = (wished_gift(fund, donor=donor, at=now) for _ in range(3))
    issued, withdrawn = (issuing.issue([gift.pk], **act) for gift in (first, second))
    for receipt in (issued, withdrawn):
        issuing.sign(receipt, **act)
    withdraw_by_hand(withdrawn.pk, **act)
    withdrawn.refresh_from_db()
    assert issuer.proposed_by is not None
    user = issuer.proposed_by
    proposal = propose(fund.provider, said, proposed_by=user, actor=hand(user), now=now)
    draft = Receipt.objects.get(status="draft")
    said = {"email": GIVER, "given_on": local_day(now)}
    goods = [written_down(fund, by=user, at=now, **said) for _ in range(2)]
    confirm(goods[1].pk, by=make_user(Membership.Role.TREASURER, fund.provider), **act)
    return Receipts(issued, draft, withdrawn, wish, _paid_otherwise(fund, now), proposal, *goods)
