"""A Zuwendungsbestätigung: what is printed, frozen as data, and the PDF that is made of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from donations.receipts.domain.forwarding import Recipient
from donations.receipts.domain.purposes import furthering, promoted
from donations.receipts.domain.words import amount_in_words
from donations.receipts.gateways.template_files import Template
from donations.receipts.models import Issuer
from foundation.formats import euro_exact
from foundation.typesetting import typeset
from foundation.units import Cents

COPY = "Zweitschrift"
MONEY_GIFT = "Geldzuwendung"


@dataclass(frozen=True)
class Line:
    """A gift on a receipt; `purpose` is the key of its favoured purpose.

    Of money it has a `donation_id`, of goods or waived expenses a `contribution_id`.
    """

    donation_id: int | None
    fund_id: int
    given_on: date
    cents: Cents
    purpose: str
    contribution_id: int | None = None


@dataclass(frozen=True)
class About:
    """What a receipt is about, where it is not plain money that the body uses itself.

    `goods` is their exact description; `passages` name what else is said: where the goods come from, and
    whether documents lie there (`when` of the template). `recipient` gets what is passed on.
    """

    is_waiver: bool = False
    goods: str = ""
    passages: frozenset[str] = frozenset()
    recipient: Recipient | None = None

    @property
    def is_plain_money(self) -> bool:
        """Whether no hand has to sign: never for goods or waived expenses (R 10b.1 Abs. 4 EStR)."""
        return not (self.is_waiver or self.goods)


PLAIN = About()


@dataclass(frozen=True)
class Giver:
    """Who gave, as it is printed."""

    name: str
    street: str
    postcode: str
    town: str


def is_machine_made(issuer: Issuer, about: About = PLAIN) -> bool:
    """Whether no hand has to sign: the procedure was notified, a facsimile is there (R 10b.1 Abs. 4 EStR)."""
    is_set_up = issuer.machine_notified_on is not None and issuer.signature is not None
    return is_set_up and about.is_plain_money


def snapshot(
    number: str,
    issuer: Issuer,
    template: Template,
    giver: Giver,
    gifts: Sequence[Line],
    *,
    issued_on: date,
    about: About = PLAIN,
) -> dict[str, Any]:
    """Return everything that is printed, as JSON; `gifts` in the order of their days, at least one."""
    texts, fills = template.texts, _fills(issuer, gifts, issued_on) | _fills_of_recipient(about.recipient)
    is_machine = is_machine_made(issuer, about)
    total = Cents(sum(each.cents for each in gifts))
    return {
        "number": number,
        "template": {"key": template.key, "version": template.version, "digest": template.digest},
        "issuer": {
            "label": texts["issuer_label"],
            "lines": [issuer.name, issuer.street, f"{issuer.postcode} {issuer.town}"],
        },
        "title": texts["title"],
        "subtitle": texts["subtitle"],
        "donor": {
            "label": texts["donor_label"],
            "lines": [giver.name, giver.street, f"{giver.postcode} {giver.town}"],
        },
        "amount": _amount(texts["labels"], total, gifts),
        "blocks": list(_blocks(texts["blocks"], issuer, about, fills)),
        "signature": {
            "place_day": f"{issuer.town}, {_day(issued_on)}",
            "signatory": issuer.signatory,
            "is_machine": is_machine,
            "machine": texts["machine"].format_map(fills) if is_machine else "",
        },
        "annex": _annex(texts["annex"], fills, gifts, total) if texts["annex"] else None,
        "gifts": [[each.donation_id, each.given_on.isoformat(), each.cents] for each in gifts],
        "contributions": [each.contribution_id for each in gifts if each.contribution_id is not None],
        "total_cents": total,
        "issued_on": issued_on.isoformat(),
    }


def receipt_pdf(frozen: Mapping[str, Any], issuer: Issuer, *, now: datetime, is_copy: bool = False) -> bytes:
    """Return the frozen receipt as PDF; a copy is marked as one on every page. Raises NotDisplayable."""
    is_machine = frozen["signature"]["is_machine"]
    data = {
        "receipt": dict(frozen),
        "mark": COPY if is_copy else "",
        "signature": list(issuer.signature or b"") if is_machine else [],
    }
    return typeset("receipt", data, now=now)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _fills(issuer: Issuer, gifts: Sequence[Line], issued_on: date) -> dict[str, str]:
    return {
        "purposes": furthering(each.purpose for each in gifts),
        "purposes_of_body": furthering(issuer.purposes),
        "purposes_promoted": promoted(issuer.purposes),
        "tax_office": issuer.tax_office,
        "tax_number": issuer.tax_number,
        "notice_on": _day(issuer.notice_on) if issuer.notice_on else "",
        "assessed_until": issuer.assessed_until,
        "machine_notified_on": _day(issuer.machine_notified_on) if issuer.machine_notified_on else "",
        "issued_on": _day(issued_on),
    }


def _fills_of_recipient(recipient: Recipient | None) -> dict[str, str]:
    if recipient is None:
        return {}
    return {
        "forward_name": recipient.name,
        "forward_office": recipient.tax_office,
        "forward_number": recipient.tax_number,
        "forward_on": _day(recipient.notice_on),
    }


def _amount(labels: Mapping[str, str], total: Cents, gifts: Sequence[Line]) -> dict[str, str]:
    first, last = gifts[0].given_on, gifts[-1].given_on
    period = _day(first) if len(gifts) == 1 else f"{_day(first)} bis {_day(last)}"
    return {
        "figures_label": labels["figures"],
        "figures": euro_exact(total),
        "words_label": labels["words"],
        "words": amount_in_words(total),
        "day_label": labels["day"],
        "day": period,
    }


def _blocks(
    blocks: Sequence[Mapping[str, str]], issuer: Issuer, about: About, fills: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the passages that concern this body and gift, in their order (BMF 7.11.2013, point 1)."""
    use = f"forwarded_{about.recipient.notice_kind}" if about.recipient else "direct"
    concerning = {issuer.notice_kind, use, *about.passages}
    if issuer.membership_not_deductible:
        concerning.add("membership_not_deductible")
    for each in blocks:
        if "when" not in each or each["when"] in concerning:
            printed: dict[str, Any] = {"is": each["is"], "text": each["text"].format_map(fills)}
            if each["is"] == "waiver":
                printed["yes"] = about.is_waiver
            if each["is"] == "goods":
                printed["said"] = about.goods
            yield printed


def _annex(
    texts: Mapping[str, Any], fills: Mapping[str, str], gifts: Sequence[Line], total: Cents
) -> dict[str, Any]:
    return {
        "title": texts["title"].format_map(fills),
        "columns": texts["columns"],
        "rows": [[_day(each.given_on), MONEY_GIFT, "nein", euro_exact(each.cents)] for each in gifts],
        "total_label": texts["total"],
        "total": euro_exact(total),
    }


def status_passages(issuer: Issuer, template: Template) -> list[str]:
    """Return by which notice the body is tax-exempt, in the words of the official form."""
    fills = _fills(issuer, [], issuer.proposed_at.date())
    passages = [each for each in template.texts["blocks"] if each.get("when") == issuer.notice_kind]
    return [each["text"].format_map(fills) for each in passages]
