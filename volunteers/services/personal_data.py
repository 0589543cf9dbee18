"""What a person changes about themselves, what they take along, and leaving no trace (Art. 15, 17 DSGVO)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from citizens.models import Mailbox
from foundation.clock import local_day
from programs.domain.choices import AgeBand, Language, Skill
from volunteers.domain.states import TIME_PLEDGE_MOVES
from volunteers.models import (
    Assignment,
    Availability,
    AvailabilityException,
    Clearance,
    Contact,
    GuardianConsent,
    HoursEntry,
    MeaslesProof,
    Offer,
    PersonMerge,
    Placement,
    SelfCommitment,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.people import is_spoken_for
from volunteers.services.clearance_changes import follow_age
from volunteers.services.clearance_traces import forget_traces
from volunteers.services.match_requests import want_match_of
from volunteers.services.merging import keep_own_age, part_people
from volunteers.services.persons import THE_PERSON, lock_holdings
from volunteers.services.withdrawals import leave

SEEN = _("Führungszeugnis eingesehen, das Datum nennt Ihnen der Träger")


def change_person(
    volunteer: Volunteer,
    *,
    first_name: str,
    last_name: str,
    phone: str,
    now: datetime,
    is_adult: bool = True,
    reminders: str = "",
    group_name: str = "",
    heads: int = 1,
) -> None:
    """Store how the person wants to be called and reached; another age is looked at where they help.

    Of a group `heads` are how many are asked from now on; where it comes already it says so there.
    """
    choose_reminders(volunteer, reminders)
    is_adult = is_adult and not is_spoken_for(volunteer, now)
    is_of_another_age = volunteer.is_adult != is_adult
    volunteer.first_name, volunteer.last_name = first_name, last_name
    volunteer.phone, volunteer.is_adult = phone, is_adult
    volunteer.save(update_fields=["first_name", "last_name", "phone", "is_adult"])
    if volunteer.is_group:
        Volunteer.objects.filter(pk=volunteer.pk).update(group_name=group_name, heads=heads)
        for pledge_id in volunteer.pledges.filter(status=TimePledge.Status.OPEN).values_list("pk", flat=True):
            want_match_of(pledge_id, now)
    keep_own_age(volunteer.pk)
    if is_of_another_age:
        follow_age(volunteer.pk, now)


def choose_reminders(volunteer: Volunteer, wish: str) -> None:
    """Store when the person wants to be reminded of dates; without an answer it stays as it is."""
    if wish:
        Volunteer.objects.filter(pk=volunteer.pk).update(reminders=wish)


def names_of(mailbox: Mailbox) -> set[str]:
    """Return surnames, groups and telephones of all at this mailbox; a first name alone tells of nobody."""
    people = Volunteer.objects.filter(mailbox=mailbox)
    return {text for row in people.values_list("last_name", "group_name", "phone") for text in row}


def erase_people(mailbox: Mailbox, now: datetime) -> None:
    """Withdraw everything, then empty the people of this mailbox; what is left counts and names nobody.

    Hours confirmed by a provider stay with the placement they belong to, without a name. What was pledged
    from here and given to another row of the same person comes back first, unless it led somewhere. Called
    inside the transaction of the erasure, with the mailbox locked.
    """
    _delete_typed_drafts(mailbox)
    people = Volunteer.objects.filter(mailbox=mailbox).order_by("pk")
    joined = PersonMerge.objects.filter(double__in=people, undone_at=None).select_related("kept", "double")
    merges = list(joined.order_by("pk"))
    others = {merge.kept_id for merge in merges} | guarded_by(mailbox)
    lock_holdings({volunteer.pk for volunteer in people} | others, now)
    for merge in merges:
        part_people(merge, actor=THE_PERSON, now=now, was_mistaken=False)
    for volunteer in people:
        _erase_person(volunteer, now)


def guarded_by(mailbox: Mailbox) -> set[int]:
    """Return the minors for whom somebody at this mailbox agreed or is asked to."""
    asked = GuardianConsent.objects.filter(mailbox=mailbox)
    return set(asked.values_list("placement__volunteer", flat=True))


def _erase_person(volunteer: Volunteer, now: datetime) -> None:
    for pledge in volunteer.pledges.order_by("pk"):
        if TimePledge.Status.WITHDRAWN in TIME_PLEDGE_MOVES[pledge.status]:
            leave(pledge, actor=THE_PERSON, now=now)
    Availability.objects.filter(pledge__volunteer=volunteer).delete()
    AvailabilityException.objects.filter(pledge__volunteer=volunteer).delete()
    Clearance.objects.filter(volunteer=volunteer).delete()
    SelfCommitment.objects.filter(volunteer=volunteer).delete()
    MeaslesProof.objects.filter(volunteer=volunteer).delete()
    GuardianConsent.objects.filter(placement__volunteer=volunteer).delete()
    forget_traces(list(volunteer.placements.values_list("pk", flat=True)))
    volunteer.contacts.exclude(text="").update(text="")
    volunteer.pledges.update(
        skills=[], learning_skills=[], lacking_skills=[], languages=[], age_bands=[], note=""
    )
    Volunteer.objects.filter(pk=volunteer.pk).update(
        first_name="",
        last_name="",
        group_name="",
        phone="",
        born_in=None,
        is_asked_with_children=True,
        last_asked_at=None,
        erased_at=now,
    )


def _delete_typed_drafts(mailbox: Mailbox) -> None:
    drafts = Volunteer.objects.filter(mailbox=mailbox, confirmed_at__isnull=True)
    TimePledge.objects.filter(volunteer__in=drafts).delete()
    drafts.delete()


def stored_about(mailbox: Mailbox) -> dict[str, Any]:
    """Return all that is stored about the people of this mailbox, in German words."""
    mine = {"volunteer__mailbox": mailbox}
    people = Volunteer.objects.filter(mailbox=mailbox, confirmed_at__isnull=False).order_by("pk")
    questions = Offer.objects.filter(pledge__volunteer__mailbox=mailbox, sent_at__isnull=False)
    placements = Placement.objects.filter(**mine).order_by("created_at", "pk")
    hours = HoursEntry.objects.filter(volunteer__mailbox=mailbox).order_by("worked_on", "pk")
    return {
        "personen": [_person(person) for person in people],
        "zusagen": [_pledge(pledge) for pledge in _pledges(mine)],
        "anfragen": [
            _question(asked)
            for asked in questions.select_related("role", "opportunity").order_by("sent_at", "pk")
        ],
        "einsaetze": [
            _placement(each) for each in placements.select_related("role", "opportunity__provider")
        ],
        "einspruenge": [_standing_in(each) for each in _stand_ins(mailbox)],
        "stunden": [
            {"aufgabe": title, "tag": day, "minuten": minutes, "menschen": heads}
            for title, day, minutes, heads in hours.values_list(
                "opportunity__title", "worked_on", "minutes", "heads"
            )
        ],
        "gespraeche": [
            _contact(contact)
            for contact in Contact.objects.filter(**mine, taken_back=None).order_by("noted_at", "pk")
        ],
        "einsichtnahmen": [f"{title}: {SEEN}" for title in _inspected(mailbox)],
        "selbstverpflichtungen": [
            {"unterschrieben": signed_on, "fassung": number}
            for signed_on, number in SelfCommitment.objects.filter(**mine)
            .order_by("pk")
            .values_list("signed_on", "declaration__number")
        ],
        "einverstaendnisse": [consent_about(each) for each in _consents(mailbox)],
        "masernschutz_gezeigt": MeaslesProof.objects.filter(**mine).exists(),
    }


def _person(person: Volunteer) -> dict[str, Any]:
    return {
        "vorname": person.first_name,
        "erinnerung_an_termine": str(person.get_reminders_display()),
        "nachname": person.last_name,
        "gruppe_oder_firma": person.group_name,
        "menschen": person.heads,
        "telefon": person.phone,
        "volljaehrig": person.is_adult,
        "geburtsmonat": person.born_in,
        "anfragen_mit_kindern": person.is_asked_with_children,
        "bestaetigt": person.confirmed_at,
        "zuletzt_gefragt": person.last_asked_at,
    }


def _question(asked: Offer) -> dict[str, Any]:
    return {
        "aufgabe": asked.title,
        "stand": asked.get_status_display(),
        "menschen": asked.heads,
        "gefragt": asked.sent_at,
        "geantwortet": asked.answered_at,
        "gekommen": str(asked.get_answered_by_display()),
        "grund_der_absage": asked.get_decline_reason_display(),
        "warum_gefragt": asked.reason_texts,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "am": contact.noted_at,
        "ergebnis": contact.get_outcome_display(),
        "naechster_schritt": contact.get_next_step_display(),
        "wieder_am": contact.again_on,
        "notiz": contact.text,
    }


def _placement(placement: Placement) -> dict[str, Any]:
    return {
        "aufgabe": placement.title,
        "traeger": placement.opportunity.provider.name,
        "menschen": placement.heads,
        "stand": placement.get_status_display(),
        "von": placement.from_on,
        "bis": placement.until_on,
    }


def _stand_ins(mailbox: Mailbox) -> QuerySet[Assignment]:
    own = Assignment.objects.filter(volunteer__mailbox=mailbox, placement=None)
    return own.select_related("role", "shift__opportunity__provider").order_by("shift__starts_at", "pk")


def _standing_in(assignment: Assignment) -> dict[str, Any]:
    """Return one date on which the person stood in for somebody."""
    shift = assignment.shift
    return {
        "aufgabe": assignment.title,
        "traeger": shift.opportunity.provider.name,
        "tag": local_day(shift.starts_at),
        "stand": assignment.get_status_display(),
    }


def _inspected(mailbox: Mailbox) -> list[str]:
    """Return the tasks for which a certificate was seen; its date is for the safeguarding officer alone."""
    rows = Clearance.objects.filter(volunteer__mailbox=mailbox).order_by("pk")
    return list(rows.values_list("opportunity__title", flat=True))


def _consents(mailbox: Mailbox) -> QuerySet[GuardianConsent]:
    """Return what guardians were asked about the minors of this mailbox."""
    asked = GuardianConsent.objects.filter(placement__volunteer__mailbox=mailbox)
    return asked.select_related("placement__role", "placement__opportunity", "declaration").order_by("pk")


def consent_about(consent: GuardianConsent) -> dict[str, Any]:
    """Return one consent in German words, for either of the two whom it concerns."""
    return {
        "aufgabe": consent.placement.title,
        "gefragt": consent.asked_at,
        "geburtsmonat_noch_nicht_bestaetigt": consent.born_in,
        "zugestimmt": consent.given_at,
        "auf_papier_unterschrieben": consent.signed_on,
        "fassung": consent.declaration.number if consent.declaration else None,
        "zurueckgezogen": consent.withdrawn_at,
    }


def _pledges(mine: dict[str, Mailbox]) -> list[TimePledge]:
    confirmed = TimePledge.objects.filter(**mine, confirmed_at__isnull=False).order_by("created_at", "pk")
    return list(
        confirmed.select_related("home_district").prefetch_related("windows", "exceptions", "districts")
    )


def _pledge(pledge: TimePledge) -> dict[str, Any]:
    return {
        "stand": pledge.get_status_display(),
        "handlungsfelder": pledge.fields_text,
        "zeiten": [str(window) for window in pledge.windows.all()],
        "abwesend": [str(absence) for absence in pledge.exceptions.all()],
        "stadtteil": str(pledge.home_district or ""),
        "lieber_in": [str(district) for district in pledge.districts.all()],
        "umkreis_km": pledge.max_distance_km,
        "stunden_je_woche": pledge.hours_per_week,
        "aufgaben_zugleich": pledge.placements_wanted,
        "faehigkeiten": _labels(Skill, pledge.skills),
        "sprachen": _labels(Language, pledge.languages),
        "alter_der_kinder": _labels(AgeBand, pledge.age_bands),
        "anmerkung": pledge.note,
        "zugesagt": pledge.created_at,
        "gekommen": str(pledge.get_came_by_display()),
        "eingewilligt": pledge.consent_on,
    }


def _labels(choices: type[Skill | Language | AgeBand], chosen: list[str]) -> list[str]:
    return [str(choices(each).label) for each in chosen]
