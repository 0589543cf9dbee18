"""What identifies a line of a bank account, in a statement and as somebody typed it."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from donations.domain.references import codes_in
from foundation.units import Cents

TYPED_WITHIN = timedelta(days=5)  # how far the day that a human typed may be from the bank's
AHEAD = timedelta(days=7)  # banks date what came before holidays to the next day on which they book
TEXT_MAX = 500
NAME_MAX = 140
_NO_REFERENCE = {"NONREF", "NOTPROVIDED"}
_MOST_KEPT = Cents(5_000)  # what banks take for a transfer that they could not deliver, abroad too


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known of a line; `amount_cents` is signed, texts that are unknown are empty.

    `references` are what payer and bank call it, in one text. `gift_references` are those of the gifts that a
    human gave the line to.
    """

    booked_on: date
    amount_cents: Cents
    counterparty_name: str
    remittance: str
    gift_references: tuple[str, ...] = ()
    references: str = ""

    @property
    def codes(self) -> list[str]:
        """Our codes that it carries, wherever."""
        return codes_in(self.remittance, self.references)


def same_line(typed: LineFacts, other: LineFacts) -> int:
    """Return how surely both are one movement: 0 if they cannot be, 3 if the same reference stands in both.

    Who types leaves out, shortens and turns names round; what is given on both sides must not contradict.
    """
    if typed.amount_cents != other.amount_cents or abs(typed.booked_on - other.booked_on) > TYPED_WITHIN:
        return 0
    named, also = _references(typed), _references(other)
    if named and also:
        return 3 if named & also else 0
    if not _agree(_words(typed.counterparty_name), _words(other.counterparty_name)):
        return 0
    if not _contain(_plain(typed.remittance), _plain(other.remittance)):
        return 0
    is_told = bool(_words(typed.counterparty_name) & _words(other.counterparty_name))
    if typed.booked_on != other.booked_on:
        return 1 if is_told else 0
    return 2 if is_told or _plain(typed.remittance) else 1


def _references(facts: LineFacts) -> set[str]:
    return {*facts.codes, *facts.gift_references}


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _plain(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def _contain(one: str, other: str) -> bool:
    return one in other or other in one


def most_sent(back_cents: Cents) -> Cents:
    """Return the most that can have been sent of which so much came back: a bank keeps a charge, not half."""
    return Cents(min(back_cents + _MOST_KEPT, 2 * back_cents))


class Keys:
    """The keys of the lines of one account, statement after statement.

    A key is made of the bank's own reference with day and amount, where there is one, else of all facts.
    Lines of one statement that are equal in that are told apart by their running number, so that equal gifts
    stay two and the same or an overlapping statement gives the same keys.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self._seen: Counter[bytes] = Counter()  # digests: the words of 100,000 lines would be 70 MB

    def begin(self) -> None:
        """A statement begins: running numbers start anew."""
        self._seen.clear()

    def key(self, facts: LineFacts, *, bank_reference: str, end_to_end_id: str, counterparty: str) -> str:
        """Return the key of the next line: 64 hexadecimal digits."""
        more = {"end_to_end_id": end_to_end_id, "counterparty": counterparty}
        return self.next(self.words(facts, bank_reference=bank_reference, **more))

    def words(self, facts: LineFacts, *, bank_reference: str, end_to_end_id: str, counterparty: str) -> bytes:
        """Return what the key of a line is made of, beside its running number."""
        parts = [self._account, facts.booked_on.isoformat(), str(facts.amount_cents)]
        if is_reference(bank_reference):
            parts += ["reference", bank_reference]
        else:
            parts += ["facts", counterparty, _plain(facts.counterparty_name), _plain(facts.remittance)]
            parts.append(end_to_end_id)
        return "\n".join(parts).encode()

    def next(self, words: bytes) -> str:
        """Return the key of the next line of these words."""
        digest = hashlib.sha256(words).digest()
        self._seen[digest] += 1
        return numbered_key(words, self._seen[digest])


def is_reference(bank_reference: str) -> bool:
    """Return whether the bank itself tells the line from all others."""
    return bool(bank_reference) and bank_reference.upper() not in _NO_REFERENCE


def references_kept(references: Iterable[str]) -> str:
    """Return what a line keeps of these: each once, in order; codes of ours first if not all have room."""
    told = list(dict.fromkeys(each for each in references if is_reference(each)))
    kept = " ".join(told)
    if len(kept) > TEXT_MAX:
        kept = " ".join([*codes_in(*told), kept])
    return kept[:TEXT_MAX]


def numbered_key(words: bytes, number: int) -> str:
    """Return the key of that one of the lines of equal words: 64 hexadecimal digits."""
    return hashlib.sha256(words + f"\n{number}".encode()).hexdigest()
