"""Whether a body may issue receipts today; as long as it may not, no page and no mail promises one."""

from dataclasses import dataclass
from datetime import date

from donations.receipts.domain.issuers import Lack
from donations.receipts.gateways.template_files import Template, template_for, templates_of
from donations.receipts.models import Issuer
from donations.receipts.selectors.issuers import confirmed_issuers, is_approved, lacks_of
from programs.models import Fund


@dataclass(frozen=True)
class Ready:
    """A body that may issue on a day, and the text it issues by."""

    issuer: Issuer
    template: Template


def ready(provider_id: int, kind: str, day: date) -> Ready | None:
    """Return by what the body issues receipts of that kind on `day`; None if it may not."""
    issuer = confirmed_issuers([provider_id]).get(provider_id)
    if issuer is None or lacks_of(issuer, day):
        return None
    template = template_for(kind, issuer.kind, day)
    if template is None or not is_approved(provider_id, template.digest):
        return None
    return Ready(issuer, template)


def are_issued_for(fund: Fund, day: date) -> bool:
    """Whether gifts to `fund` get receipts, single and collective ones, as things stand on `day`."""
    found = ready(fund.provider_id, "money", day)
    has_purpose = found is not None and str(fund.pk) in found.issuer.fund_purposes
    return has_purpose and ready(fund.provider_id, "collective", day) is not None


def state_of(issuer: Issuer, day: date) -> list[Lack]:
    """Return what keeps a body from issuing on `day`, apart from its templates."""
    return lacks_of(issuer, day)


def unapproved(issuer: Issuer, day: date) -> list[Template]:
    """Return the texts that the body has not yet compared with the official forms."""
    wanted = templates_of(issuer.kind, day)
    return [each for each in wanted if not is_approved(issuer.provider_id, each.digest)]
