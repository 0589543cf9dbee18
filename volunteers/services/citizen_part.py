"""What this app shows and knows of the owner of a mailbox, for "Meine Seite"."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from citizens.models import Mailbox
from citizens.services.parts import OldLink, Part, Section
from volunteers.domain.links import (
    CONFIRM_PLEDGE,
    LEAVE_PLACEMENT,
    MY_PLEDGES,
    OFFER,
    PERSON_CALENDAR,
    PLACEMENT_CALENDAR,
    PLACEMENT_LETTER,
    PLACEMENT_STEPS,
    STAND_IN,
    WITHDRAW_PLEDGE,
)
from volunteers.domain.stages import Stage
from volunteers.models import TimePledge
from volunteers.selectors.people import people_at
from volunteers.selectors.pledges import absences_of, own_page
from volunteers.services.fit import Standing, standings
from volunteers.services.links import (
    offer_url,
    person_calendar_url,
    placement_calendar_url,
    placement_steps_url,
    stand_in_url,
)
from volunteers.services.openings import Opening, openings_of
from volunteers.services.personal_data import erase_people, names_of, stored_about
from volunteers.services.pledges import ask_to_confirm_again
from volunteers.wording.mails import DATE_REMINDERS, MESSAGES, STILL_LOOKING
from volunteers.wording.stages import stage_sentence

NOTICES = {
    "geaendert": _("Ihre Änderungen sind gespeichert."),
    "pausiert": _("Ihre Pause ist eingetragen. Bis dahin fragen wir nichts Neues."),
    "weiter": _("Schön, dass Sie wieder da sind. Wir suchen weiter."),
    "zurueckgezogen": _("Ihre Zusage ist zurückgezogen. Danke, dass Sie helfen wollten."),
    "abwesend": _("Ihre Abwesenheit ist eingetragen. Wo Sie eingeteilt waren, weiß man Bescheid."),
    "anwesend": _("Die Abwesenheit ist gelöscht. Ihre Termine an diesen Tagen gelten wieder."),
    "kann_nicht": _("Eingetragen: An diesem Termin kommen Sie nicht. Der Träger weiß Bescheid."),
    "komme_doch": _("Schön! Der Träger weiß, dass Sie doch kommen."),
    "vertreten": _("Für diesen Termin ist schon jemand anderes eingesprungen. Sie haben also frei."),
    "teils_vertreten": _(
        "Die Abwesenheit ist gelöscht. Wo noch niemand eingesprungen ist, gelten Ihre Termine wieder."
    ),
    "teils_zurueck": _(
        "Die Abwesenheit ist gelöscht. Nicht jeder Termin an diesen Tagen gilt wieder: Was gilt, steht unten."
    ),
    "zu_spaet": _("Dieser Termin lässt sich nicht mehr ändern. Bitte rufen Sie beim Träger an."),
    "verlassen": _("Bei dieser Aufgabe sind Sie nicht mehr dabei. Ihre Zeitzusage gilt weiter."),
    "weiter_dabei": _("Schön, dass Sie dabei bleiben. Wir haben es eingetragen."),
    "daten": _("Ihre Angaben sind gespeichert."),
    "anzahl": _("Gespeichert: Der Träger weiß, wie viele Sie sind."),
    "gleiche_anzahl": _("Es bleibt bei dieser Anzahl. Geändert hat sich nichts."),
    "keine_anzahl": _("Bitte geben Sie an, wie viele Menschen kommen: eine Zahl von 1 bis 99."),
    "zu_viele": _("Für so viele Menschen sind nicht an jedem Termin Plätze frei. Es bleibt, wie es war."),
}


def _section(mailbox: Mailbox, token: str, now: datetime) -> Section | None:
    page = own_page(mailbox, now)
    if not page.people:
        return None
    stands = standings([each for each in page.pledges if not page.is_granted(each)], now)
    not_found = [
        pledge
        for pledge in page.pledges
        if page.stage_of(pledge) == Stage.SEARCHING
        and pledge.escalated_at is not None
        and pledge.wanted_role_id is None
    ]
    openings = openings_of(not_found, now)
    context = {
        "people": [(person, person_calendar_url(person, now)) for person in page.people],
        "offers": [(offer, offer_url(offer, now)) for offer in page.offers],
        "asked_to_stand_in": [(asked, stand_in_url(asked, now)) for asked in page.stand_in_questions],
        "placements": [
            (placement, placement_calendar_url(placement, now), placement_steps_url(placement, now))
            for placement in page.placements
        ],
        "stand_ins": page.stand_ins,
        "pledges": [
            _shown(
                pledge,
                page.stage_of(pledge),
                stands.get(pledge.pk),
                openings.get(pledge.pk),
                rests=page.rests(pledge),
            )
            for pledge in page.pledges
        ],
    }
    return Section("volunteers/_my_time.html", context)


def _shown(
    pledge: TimePledge, stage: Stage, standing: Standing | None, opening: Opening | None, *, rests: bool
) -> dict[str, object]:
    sentence = stage_sentence(
        stage,
        paused_until=pledge.paused_until,
        answer_due_on=pledge.answer_due_on,
        is_escalated=pledge.escalated_at is not None,
        rests=rests,
    )
    return {
        "pledge": pledge,
        "stage": stage.label,
        "sentence": sentence,
        "standing": standing,
        "opening": opening,
        "absences": absences_of(pledge),
    }


def _mailbox_of(volunteer_id: int) -> Mailbox | None:
    """Return whose old link it is."""
    return Mailbox.objects.filter(volunteers=volunteer_id).first()


def _take_over(typed: Mailbox, to: Mailbox) -> bool:
    if people_at(typed).exists():
        return False
    typed.volunteers.update(mailbox=to)
    return True


PART = Part(
    name="zeit",
    section=_section,
    holds=lambda: Exists(people_at(OuterRef("pk"))),
    knows=lambda mailbox: people_at(mailbox).exists(),
    data=stored_about,
    erase=erase_people,
    take_over=_take_over,
    words=names_of,
    minors=lambda mailbox: list(
        people_at(mailbox).filter(is_adult=False).values_list("first_name", "last_name")
    ),
    old_link=OldLink(MY_PLEDGES, _mailbox_of),
    links={
        OFFER.purpose: _("Links zu Anfragen"),
        STAND_IN.purpose: _("Links zu Fragen nach Ersatz"),
        PLACEMENT_CALENDAR.purpose: _("Links zu Kalenderdateien"),
        PERSON_CALENDAR.purpose: _("Kalender, die Sie abonniert haben"),
        PLACEMENT_LETTER.purpose: _("Links zum Schreiben für das Führungszeugnis"),
        PLACEMENT_STEPS.purpose: _("Links zu den Schritten vor dem ersten Termin"),
    },
    link_kinds=(
        CONFIRM_PLEDGE,
        OFFER,
        STAND_IN,
        PLACEMENT_CALENDAR,
        PERSON_CALENDAR,
        PLACEMENT_LETTER,
        PLACEMENT_STEPS,
        WITHDRAW_PLEDGE,
        LEAVE_PLACEMENT,
    ),
    mail_kinds=(DATE_REMINDERS, STILL_LOOKING, MESSAGES),
    notices=NOTICES,
    asks_again={CONFIRM_PLEDGE.purpose: ask_to_confirm_again},
)
