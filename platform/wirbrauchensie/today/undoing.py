"""What the reader has just done and can take back: only where nothing has left the house yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.forms.proposals import DECLINE, RECALL, REOPEN
from donations.receipts.selectors.contributions import just_confirmed as contributions_just_confirmed
from donations.selectors.cash import just_confirmed
from donations.selectors.failures import just_kept
from donations.selectors.proposals import just_decided
from donations.views.proposal_words import title_of
from donations.views.proposals import NOT_KEEP
from foundation.formats import date_long
from foundation.undoing import UNDO_WITHIN
from outbox.services.paper import posted_since
from programs.access import Role
from programs.services.concepts import reviews_to_take_back
from programs.services.prolonging import prolongings_to_take_back
from volunteers.services.contacts import fresh_calls, fresh_notes
from volunteers.services.gaps import fresh_gaps
from wirbrauchensie.today.kinds import Reader
from wirbrauchensie.today.money import amount, gifts_of

_TAKE_BACK = {"proposed": DECLINE, "declined": REOPEN, "released": RECALL}


@dataclass(frozen=True)
class Done:
    """One thing done: its words, where it is taken back, the rows that are chosen there, and until when.

    `said` is what else is sent along, names with values.
    """

    text: str
    address: str
    chosen: tuple[int, ...]
    until: datetime
    said: tuple[tuple[str, str], ...] = ()


def just_done(reader: Reader, now: datetime) -> list[Done]:
    """Return what can still be taken back, the latest first."""
    sources = (
        _calls,
        _notes,
        _gaps,
        _prolongings,
        _concepts,
        _proposals,
        _kept,
        _counts,
        _contributions,
        _letters,
    )
    found = [done for source in sources for done in source(reader, now)]
    return sorted(found, key=lambda each: each.until, reverse=True)


def _calls(reader: Reader, now: datetime) -> Iterator[Done]:
    for call in fresh_calls(reader.user, now):
        told = {"who": call.volunteer.short_name, "outcome": call.get_outcome_display()}
        text = _("Anruf bei %(who)s notiert: %(outcome)s") % told
        address = reverse("coordination_call_undo", args=[call.pk])
        yield Done(text, address, (), call.noted_at + UNDO_WITHIN)


def _notes(reader: Reader, now: datetime) -> Iterator[Done]:
    for note in fresh_notes(reader.user, now):
        text = _("Gespräch mit %(who)s notiert") % {"who": note.volunteer.short_name}
        address = reverse("coordination_note_undo", args=[note.pk])
        yield Done(text, address, (), note.noted_at + UNDO_WITHIN)


def _gaps(reader: Reader, now: datetime) -> Iterator[Done]:
    for date in fresh_gaps(reader.user, now):
        told = {"title": date.opportunity.title, "day": date_long(date.starts_at)}
        address = reverse("coordination_gap_undo", args=[date.opportunity_id, date.pk])
        accepted_at: datetime = date.accepted_at  # type: ignore[attr-defined]
        yield Done(_("%(title)s, %(day)s: bleibt so") % told, address, (), accepted_at + UNDO_WITHIN)


def _prolongings(reader: Reader, now: datetime) -> Iterator[Done]:
    for task, at in prolongings_to_take_back(reader.user, now):
        address = reverse("coordination_prolong_undo", args=[task.pk])
        yield Done(_("Stimmt noch: %(title)s") % {"title": task.title}, address, (), at + UNDO_WITHIN)


def _proposals(reader: Reader, now: datetime) -> Iterator[Done]:
    if Role.TREASURER not in reader.roles:
        return
    for proposal in just_decided(reader.user, now):
        told = {"status": proposal.get_status_display(), "title": title_of(proposal)}
        how = _TAKE_BACK[proposal.status]
        address = reverse("coordination_proposal", args=[proposal.pk])
        until = proposal.status_changed_at + UNDO_WITHIN
        yield Done(_("%(status)s: %(title)s") % told, address, (), until, (("entscheidung", how),))


def _kept(reader: Reader, now: datetime) -> Iterator[Done]:
    if Role.TREASURER not in reader.roles:
        return
    for refund in just_kept(gifts_of(reader), now):
        assert refund.settled_at is not None
        text = _("Erstattung über %(amount)s geklärt: Die Spende bleibt") % {
            "amount": amount(refund.amount_cents)
        }
        address = reverse("coordination_refund_new", args=[refund.donation_id])
        yield Done(text, address, (), refund.settled_at + UNDO_WITHIN, (("entscheidung", NOT_KEEP),))


def _counts(reader: Reader, now: datetime) -> Iterator[Done]:
    if Role.TREASURER not in reader.roles:
        return
    for count in just_confirmed(reader.user, now):
        text = _("%(box)s: nachgezählt und gebucht") % {"box": count.box}
        address = reverse("coordination_cash_undo", args=[count.pk])
        said = (("reason", _("Aus Versehen bestätigt.")),)
        yield Done(text, address, (), count.status_changed_at + UNDO_WITHIN, said)


def _contributions(reader: Reader, now: datetime) -> Iterator[Done]:
    if Role.TREASURER not in reader.roles:
        return
    for row in contributions_just_confirmed(reader.user, now):
        told = {"amount": amount(row.value_cents), "what": row.get_kind_display()}
        address = reverse("coordination_contribution_undo", args=[row.pk])
        said = (("reason", _("Aus Versehen bestätigt.")),)
        until = row.status_changed_at + UNDO_WITHIN
        yield Done(_("%(what)s bestätigt: %(amount)s") % told, address, (), until, said)


def _concepts(reader: Reader, now: datetime) -> Iterator[Done]:
    if not reader.sees_city:
        return
    for provider, at in reviews_to_take_back(reader.user, now):
        text = _("Schutzkonzept durchgesehen: %(who)s") % {"who": provider.name}
        yield Done(text, reverse("coordination_concept_undo", args=[provider.pk]), (), at + UNDO_WITHIN)


def _letters(reader: Reader, now: datetime) -> Iterator[Done]:
    if not reader.sees_city:
        return
    by_moment: dict[datetime, list[int]] = {}
    for pk, sent_at in posted_since(now - UNDO_WITHIN).values_list("pk", "sent_at"):
        assert sent_at is not None
        by_moment.setdefault(sent_at, []).append(pk)
    for sent_at, letters in by_moment.items():
        text = ngettext(
            "%(count)d Brief als verschickt vermerkt",
            "%(count)d Briefe als verschickt vermerkt",
            len(letters),
        ) % {"count": len(letters)}
        yield Done(text, reverse("coordination_letters_undo"), tuple(letters), sent_at + UNDO_WITHIN)
