"""What this app shows and knows of guardians who agreed for a minor, for "Meine Seite"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from citizens.access import subject_of
from citizens.domain.links import MY_PAGE
from citizens.models import Mailbox
from citizens.services.parts import Part, Section
from volunteers.domain.links import GUARDIAN
from volunteers.models import GuardianConsent
from volunteers.services.guardians import ask_guardian_again, withdraw_consent
from volunteers.services.links import guardian_url
from volunteers.services.personal_data import consent_about, guarded_by
from volunteers.services.persons import lock_holdings


def _given(mailbox: Mailbox | OuterRef) -> QuerySet[GuardianConsent]:
    return GuardianConsent.objects.filter(mailbox=mailbox, given_at__isnull=False, withdrawn_at=None)


def _shown(mailbox: Mailbox) -> QuerySet[GuardianConsent]:
    return (
        _given(mailbox)
        .select_related("mailbox", "placement__role", "placement__opportunity", "placement__volunteer")
        .order_by("pk")
    )


def _section(mailbox: Mailbox, token: str, now: datetime) -> Section | None:
    """The links to their own pages are as old as the one to this page."""
    sent_at = subject_of(MY_PAGE, token, now).issued_at
    rows = [(consent, guardian_url(consent, sent_at)) for consent in _shown(mailbox)]
    return Section("volunteers/_my_consents.html", {"consents": rows}) if rows else None


def _stored(mailbox: Mailbox) -> Mapping[str, Any]:
    rows = mailbox.consents.select_related(
        "placement__role", "placement__opportunity", "declaration"
    ).order_by("pk")
    return {"einverstaendnisse": [{"name": each.name, **consent_about(each)} for each in rows]}


def _erase(mailbox: Mailbox, now: datetime) -> None:
    """A guardian who leaves no trace takes their consents back."""
    lock_holdings(guarded_by(mailbox), now)
    for consent in mailbox.consents.select_related("placement__opportunity__provider").order_by("pk"):
        withdraw_consent(consent, now=now)
    mailbox.consents.all().delete()


def _names(mailbox: Mailbox) -> set[str]:
    return set(mailbox.consents.values_list("name", flat=True))


def _take_over(typed: Mailbox, to: Mailbox) -> bool:
    if _given(typed).exists():
        return False
    typed.consents.update(mailbox=to)
    return True


PART = Part(
    name="zustimmung",
    section=_section,
    holds=lambda: Exists(_given(OuterRef("pk"))),
    knows=lambda mailbox: _given(mailbox).exists(),
    data=_stored,
    erase=_erase,
    take_over=_take_over,
    words=_names,
    link_kinds=(GUARDIAN,),
    links={GUARDIAN.purpose: _("Links zu Ihrem Einverständnis")},
    asks_again={GUARDIAN.purpose: ask_guardian_again},
)
