"""Protection concepts whose day to be looked at again has come (§ 79a SGB VIII, § 11 LKSchG NRW).

This only reminds: a provider stays verified and its tasks stay public until the youth office decides.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import local_moment
from foundation.formats import date_long
from foundation.units import MIDNIGHT
from programs.forms.concept import ConceptReviewedForm
from programs.models import Provider
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _to_review(reader: Reader, now: datetime) -> QuerySet[Provider]:
    """From the day on, that day included; the youth office is reminded of every provider."""
    due = Provider.objects.filter(is_verified=True, protection_concept_review_on__lte=reader.today)
    mine = due if reader.sees_city else due.filter(pk__in=reader.houses)
    return mine.order_by("protection_concept_review_on", "pk")


def _row(reader: Reader, provider: Provider, now: datetime) -> Row:
    review_on = provider.protection_concept_review_on
    assert review_on is not None
    return Row(
        key=f"schutzkonzepte-{provider.pk}",
        who=provider.name,
        what=_("Durchsicht des Schutzkonzepts: %(day)s") % {"day": date_long(review_on)},
        due_at=local_moment(review_on, MIDNIGHT),
        url=reverse("coordination_providers") if reader.sees_city else "",
        action=_("Zu den Trägern") if reader.sees_city else "",
        about=provider,
    )


def _form(reader: Reader, provider: Provider, now: datetime) -> ConceptReviewedForm | None:
    """The youth office notes it, as it verifies."""
    if not reader.sees_city:
        return None
    day = provider.protection_concept_review_on
    return ConceptReviewedForm(
        today=reader.today, initial={"before": day}, auto_id=f"id_schutzkonzepte_{provider.pk}_%s"
    )


CONCEPTS = Kind(
    slug="schutzkonzepte",
    title=gettext_lazy("Schutzkonzepte wieder ansehen"),
    text=gettext_lazy(
        "Träger und Jugendamt sehen das Schutzkonzept gemeinsam durch. Danach trägt das Jugendamt den "
        "nächsten Tag ein; bis dahin bleibt alles, wie es ist."
    ),
    icon="shield",
    is_for=lambda reader: reader.coordinates,
    waiting=_to_review,
    row=_row,
    template="dashboard/today/_concept.html",
    form=_form,
)
