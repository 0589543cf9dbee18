"""Whether a body may issue receipts today; as long as it may not, no page and no mail promises one."""

from dataclasses import dataclass
from datetime import date

from donations.receipts.domain.forwarding import Recipient, recipient_of
from donations.receipts.gateways.template_files import Template, template_for, templates_of
from donations.receipts.models import Issuer
from donations.receipts.selectors.issuers import confirmed_issuers, is_approved, lacks_of
from programs.models import Fund

# Waived expenses are a gift of money: the form is the same, with "Ja" at the waiver (RULES §2.3 point 7).
_TEMPLATE_OF = {"waiver": "money"}
_IF_PASSED_ON = {"money": "forwarded", "collective": "forwarded_collective"}
_ALWAYS_NEEDED = frozenset({"money", "collective"})


@dataclass(frozen=True)
class Ready:
    """A body that may issue on a day, the text it issues by, and who gets what it passes on."""

    issuer: Issuer
    template: Template
    recipient: Recipient | None = None


def ready(provider_id: int, kind: str, day: date, *, fund_id: int | None = None) -> Ready | None:
    """Return by what the body issues receipts of that kind on `day`; None if it may not.

    `fund_id`: of gifts for that purpose, which the body may pass on.
    """
    issuer = confirmed_issuers([provider_id]).get(provider_id)
    if issuer is None or lacks_of(issuer, day):
        return None
    recipient = recipient_of(issuer.forwarding, fund_id) if fund_id else None
    template = template_for(_template_kind(kind, recipient), issuer.kind, day)
    if template is None or not is_approved(provider_id, template.digest):
        return None
    return Ready(issuer, template, recipient)


def _template_kind(kind: str, recipient: Recipient | None) -> str:
    """The text about goods has both cases, the others are texts of their own."""
    used = _TEMPLATE_OF.get(kind, kind)
    return _IF_PASSED_ON.get(used, used) if recipient else used


def are_issued_for(fund: Fund, day: date) -> bool:
    """Whether gifts to `fund` get receipts, single and collective ones, as things stand on `day`."""
    found = ready(fund.provider_id, "money", day, fund_id=fund.pk)
    if found is None or str(fund.pk) not in found.issuer.fund_purposes:
        return False
    if found.recipient is not None and not found.recipient.counts_on(day):
        return False
    return ready(fund.provider_id, "collective", day, fund_id=fund.pk) is not None


def unapproved(issuer: Issuer, day: date) -> list[Template]:
    """Return the texts that the body needs and has not yet compared with the official forms.

    That about goods is no condition for money: until it is compared, nothing is issued about goods.
    """
    needed = _ALWAYS_NEEDED | (frozenset(_IF_PASSED_ON.values()) if issuer.forwarding else frozenset())
    wanted = [each for each in templates_of(issuer.kind, day) if each.kind in needed]
    return [each for each in wanted if not is_approved(issuer.provider_id, each.digest)]
