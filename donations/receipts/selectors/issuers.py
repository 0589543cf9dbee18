"""What bodies have said about themselves, and who may issue on a day."""

from collections.abc import Collection, Mapping
from datetime import date

from donations.receipts.domain.forwarding import read
from donations.receipts.domain.issuers import EXEMPTION, STATUTES, Body, Lack, lacks
from donations.receipts.models import Issuer, RegisterCheck, TemplateApproval
from programs.models import Provider


def confirmed_issuers(provider_ids: Collection[int] | None = None) -> dict[int, Issuer]:
    """Return provider → what it has said and a second person has confirmed, valid on some day or not."""
    rows = Issuer.objects.filter(status=Issuer.Status.CONFIRMED).select_related("provider")
    if provider_ids is not None:
        rows = rows.filter(provider__in=provider_ids)
    return {row.provider_id: row for row in rows}


def proposals(provider_ids: Collection[int]) -> dict[int, Issuer]:
    """Return provider → what waits for a second person."""
    rows = Issuer.objects.filter(status=Issuer.Status.PROPOSED, provider__in=provider_ids)
    return {row.provider_id: row for row in rows.select_related("provider", "proposed_by")}


def register_checks(provider_ids: Collection[int]) -> dict[int, RegisterCheck]:
    """Return provider → what stood in the Zuwendungsempfängerregister when somebody looked last."""
    rows = RegisterCheck.objects.filter(provider__in=provider_ids).select_related("provider", "checked_by")
    newest = rows.order_by("provider_id", "-noted_at", "-pk").distinct("provider_id")
    return {row.provider_id: row for row in newest}


def lacks_of(issuer: Issuer, day: date) -> list[Lack]:
    """Return why `issuer`, confirmed or not, may issue nothing on `day`."""
    return lacks(_body(issuer, had_exemption=_had_exemption(issuer)), day)


def outdated_funds(issuer: Issuer, day: date) -> frozenset[str]:
    """Return the ids of the purposes that are passed on to a body whose notice does not count on `day`."""
    return frozenset(pk for pk, said in issuer.forwarding.items() if not read(said).counts_on(day))


def is_approved(provider_id: int, digest: str) -> bool:
    """Whether the body has compared this very text with the official form."""
    return TemplateApproval.objects.filter(provider=provider_id, digest=digest).exists()


def approvals_of(provider: Provider) -> Mapping[str, TemplateApproval]:
    """Return digest → the approval of that text."""
    rows = TemplateApproval.objects.filter(provider=provider).select_related("approved_by")
    return {row.digest: row for row in rows}


def _had_exemption(issuer: Issuer) -> bool:
    """§ 63 Abs. 5 Nr. 2 AO: a § 60a notice counts only as long as no exemption was ever granted."""
    if issuer.notice_kind != STATUTES:
        return False
    before = Issuer.objects.filter(provider=issuer.provider_id, notice_kind=EXEMPTION)
    return before.filter(confirmed_at__isnull=False).exclude(pk=issuer.pk).exists()


def _body(issuer: Issuer, *, had_exemption: bool) -> Body:
    return Body(
        kind=issuer.kind,
        name=issuer.name,
        street=issuer.street,
        postcode=issuer.postcode,
        town=issuer.town,
        signatory=issuer.signatory,
        purposes=frozenset(issuer.purposes),
        tax_office=issuer.tax_office,
        tax_number=issuer.tax_number,
        notice_kind=issuer.notice_kind,
        notice_on=issuer.notice_on,
        assessed_until=issuer.assessed_until,
        had_exemption=had_exemption,
        machine_notified_on=issuer.machine_notified_on,
        has_signature=issuer.signature is not None,
    )
