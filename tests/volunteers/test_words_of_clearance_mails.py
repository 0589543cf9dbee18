"""Every mail about what a task asks for before somebody comes, in its words."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from foundation.actors import staff
from foundation.history import lines_of
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Membership
from tests.factories import make_activity, make_declaration, make_opportunity, make_provider, make_user
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Clearance, GuardianConsent, Placement, SelfCommitment, Volunteer
from volunteers.services.guardians import ask_guardian, give_consent, withdraw_consent
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db
OFFICER = staff(1, Membership.Role.SAFEGUARDING_OFFICER)
MARIA, HOUR = "maria@example.org", timedelta(hours=1)
HELP = (
    "So geht es: 1. Drucken Sie dieses Schreiben aus; Haus der Familie unterschreibt es: <einsatz "
    "schreiben/> 2. Beantragen Sie damit das Führungszeugnis im Bürgerbüro oder, mit Online-Ausweis, beim "
    "Bundesamt für Justiz; dort auch, wenn Sie im Ausland wohnen. Kostenlos ist es, wenn der Träger als "
    "gemeinnützig anerkannt ist: Dann gibt er Ihnen den Nachweis für den Antrag mit. Später wird nichts "
    "erstattet. 3. Zeigen Sie das Zeugnis bei dem Träger Haus der Familie vor. Es wird nur eingesehen: "
    "Niemand kopiert es, niemand behält es. Mit der Staatsangehörigkeit eines anderen Landes wird daraus "
    "ein Europäisches Führungszeugnis: Das kann 20 Werktage und länger dauern, beantragen Sie es darum "
    "gleich. Ansprechperson: Kinderschutz-Team, Tel. 02421 000000"
)
DUE = (
    "Guten Tag Maria, schön, dass Sie da sind. Ihr erweitertes Führungszeugnis für Vorlesen gilt noch bis "
    "einschließlich 31. Mai 2026; danach braucht es ein neues. Das liegt nicht an Ihnen: Es schützt die "
    "Kinder, alle legen es in Abständen vor. Ein Zeugnis braucht einige Wochen, darum schreiben wir schon "
    "jetzt. Bis dahin ändert sich nichts. Liegt dann noch kein neues vor, machen Ihre Termine Pause, bis "
    "es eingesehen ist; Ihr Platz bleibt für Sie frei."
)
ENDS = (
    "Guten Tag Maria, schön, dass Sie da sind. Ihre Selbstverpflichtung gilt noch bis einschließlich 19. "
    "Juni 2026. Danach braucht es eine neue Unterschrift; sonst machen Ihre Termine Pause, bis Sie "
    "unterschrieben haben. <einsatz schritte/>"
)
WAITS = (
    "Guten Tag Maria, es geht um Ihren Einsatz: Vorlesen. Dafür braucht es jetzt ein aktuelles "
    "erweitertes Führungszeugnis. Das liegt nicht an Ihnen; es schützt die Kinder, alle legen es vor. Bis "
    "es eingesehen ist, machen Ihre Termine Pause: Bitte kommen Sie so lange nicht. Ihr Platz bleibt für "
    "Sie frei, und danach gelten Ihre Termine wieder."
)
NEEDED = (
    "Guten Tag, für diese Aufgabe fehlt eine Einsichtnahme, oder sie gilt nicht mehr: Vorlesen. Eine "
    "Person ist deshalb nicht mehr im Einsatz und wartet auf Sie; ihre Termine machen Pause. "
    "http://127.0.0.1:8000/koordination/einsichtnahmen/"
)
ASKED = (
    "Guten Tag, Maria möchte freiwillig mithelfen: Vorlesen, bei dem Träger Haus der Familie. Das freut "
    "uns sehr. Weil Maria noch nicht 18 ist, fragen wir Sie als sorgeberechtigte Person, ob Sie "
    "einverstanden sind. Unter diesem Link steht, worum es geht. Sie können dort zustimmen oder nicht, "
    "und Ihr Einverständnis jederzeit ohne Grund zurückziehen: <zustimmung > Vorher gibt es keine "
    "Termine. Wenn Sie mit dieser E-Mail nichts anfangen können, tun Sie einfach nichts; von selbst "
    "schreiben wir Ihnen nicht wieder."
)
BACK = (
    "Guten Tag Maria, wer für Sie sorgeberechtigt ist, möchte gerade nicht, dass Sie hier mithelfen: "
    "Vorlesen. Darum gibt es dort keine Termine mehr für Sie. Das ist kein Urteil über Sie, und der "
    "Träger weiß Bescheid. Danke, dass Sie helfen wollten. Ihre Zeitzusage gilt weiter: Wenn etwas "
    "anderes passt, fragen wir Sie gern."
)
FREE = (
    "Guten Tag, für eine freiwillige Person unter 18 gibt es kein Einverständnis der Sorgeberechtigten. "
    "Sie kommt darum nicht oder nicht mehr zu: Vorlesen. Der Platz ist wieder frei; wir suchen schon "
    "jemand anderen. Bitte prüfen Sie, ob ein naher Termin jetzt unbesetzt ist. Nach dem Grund fragen Sie "
    "bitte nicht. http://127.0.0.1:8000/koordination/einsaetze/{}/"
)


def waiting(now: datetime, *, is_adult: bool = True, **asks: object) -> Placement:
    """Maria has said yes to a task that asks for this, and so may the provider."""
    body = make_provider("Haus der Familie", coordination_email="haus@example.org", kind="club")
    asked: dict[str, Any] = {"clearance_required": False, **asks}
    task = make_opportunity("Vorlesen", provider=body, activity=make_activity(**asked), places=3)
    pledge = make_pledge(now, email=MARIA)
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=is_adult)
    pledge.volunteer.refresh_from_db()
    return make_placement(pledge, task, now, "awaiting_confirmation")


def told(*templates: str) -> list[tuple[str, str, str, str]]:
    found = Message.objects.filter(template__in=templates).order_by("pk")
    return [(each.key, each.to_email, each.subject, words(each)) for each in found]


def words(mail: Message) -> str:
    """What stands above the foot, in one line; of links the page alone."""
    said = " ".join(mail.body_text.split("\n--\n")[0].replace("\xa0", " ").split())
    return re.sub(r"http://[^/]+/(\S+?)/[^/\s]{20,}/(\S*)", r"<\1 \2>", said)


def test_of_what_ends_and_is_needed_again(now: datetime) -> None:
    signed = make_declaration()
    placement = waiting(now, clearance_required=True, self_commitment=True)
    person, task = placement.volunteer, placement.opportunity
    make_user(Membership.Role.SAFEGUARDING_OFFICER, task.provider, email="officer@example.org")
    Clearance.objects.create(volunteer=person, opportunity=task, certificate_on=date(2021, 6, 1))
    SelfCommitment.objects.create(volunteer=person, declaration=signed, signed_on=date(2021, 6, 20))
    assert confirm_placement(placement, actor=OFFICER, now=now)
    for month, day in ((3, 3), (5, 25)):
        run("volunteers.remind_of_clearances", datetime(2026, month, day, 9, tzinfo=UTC))
    run("volunteers.follow_clearances", datetime(2026, 6, 1, 9, tzinfo=UTC))
    due, again = "Bald braucht es ein neues Führungszeugnis: Vorlesen", "Ihre Termine machen Pause: Vorlesen"
    moment = "20260601090000000000"
    assert told("clearance_due_soon", "self_commitment_ends", "placement_waits_again") == [
        (f"clearance.due_soon:{placement.pk}:2026:90", MARIA, due, f"{DUE} {HELP}"),
        (f"clearance.due_soon:{placement.pk}:2026:30", MARIA, due, f"{DUE} {HELP}"),
        (f"self_commitment.ends:{person.pk}:20260620", MARIA, "Ihre Selbstverpflichtung läuft bald ab", ENDS),
        (f"placement.waits_again:{placement.pk}:{moment}", MARIA, again, f"{WAITS} {HELP}"),
    ]
    ((key, *rest),) = told("clearance_needed_again")
    assert key.startswith(f"clearance.needed_again:{task.pk}:{moment}:")
    assert rest == ["officer@example.org", "Führungszeugnis ansehen: Vorlesen", NEEDED]


def test_of_a_guardian_who_is_asked_and_takes_it_back(now: datetime) -> None:
    text = make_declaration("einverstaendnis", text="Ich bin einverstanden.")
    placement = waiting(now, is_adult=False)
    assert confirm_placement(placement, actor=OFFICER, now=now)
    assert ask_guardian(placement, email="mutter@example.org", born_in=date(2009, 5, 1), now=now) is None
    consent = GuardianConsent.objects.get()
    assert told("guardian_asked") == [
        (
            f"guardian.asked:{consent.pk}",
            "mutter@example.org",
            "Maria möchte mithelfen: Sind Sie einverstanden?",
            ASKED,
        )
    ]
    assert give_consent(consent, name="Eva", version_read=text.pk, now=now + HOUR)
    assert withdraw_consent(consent, now=now + 2 * HOUR)
    consent.refresh_from_db()
    assert (consent.asked_at, consent.given_at, consent.withdrawn_at) == (now, now + HOUR, now + 2 * HOUR)
    number = placement.pk
    free = FREE.format(number)
    assert told("consent_withdrawn", "consent_withdrawn_told") == [
        (f"consent.withdrawn:{number}", MARIA, "Keine Termine mehr: Vorlesen", BACK),
        (f"consent.withdrawn_told:{number}", "haus@example.org", "Ein Platz ist wieder frei: Vorlesen", free),
    ]
    last = lines_of(placement).latest("pk")
    assert (last.to_status, last.actor_kind, last.actor_role) == ("ended", "citizen", "guardian")


def test_whoever_is_of_age_by_now_needs_no_yes_and_loses_nothing_by_a_no(now: datetime) -> None:
    text = make_declaration("einverstaendnis", text="Ich bin einverstanden.")
    placement = waiting(now, is_adult=False)
    assert confirm_placement(placement, actor=OFFICER, now=now)
    assert ask_guardian(placement, email="mutter@example.org", born_in=date(2009, 5, 1), now=now) is None
    Volunteer.objects.update(is_adult=True, born_in=None)
    consent = GuardianConsent.objects.get()
    assert give_consent(consent, name="Eva", version_read=text.pk, now=now + HOUR) is False
    assert withdraw_consent(consent, now=now + HOUR) is False
    consent.refresh_from_db()
    assert (consent.name, consent.given_at, consent.withdrawn_at) == ("", None, None)
    assert Placement.objects.get().status == "awaiting_clearance"
