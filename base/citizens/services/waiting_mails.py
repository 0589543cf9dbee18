"""Mails that wait to leave when the links of their mailbox become void, or when it moves or joins another."""

from citizens.domain.links import ASK_FOR_PAGE, ERASE, MY_PAGE, LinkKind, unsubscribe_kind
from citizens.domain.mails import MY_PAGE_LINK
from citizens.models import Mailbox
from citizens.services.parts import asked_again, link_kinds, optional_mails
from foundation.links import TOKEN, LinkNotValid, sign, signed_text
from outbox.services.forwarding import forward


def carry_over(before: Mailbox, after: Mailbox, *void: str) -> int:
    """Send what waits for a mailbox to where it is `after`, with links of the versions of then.

    `before` is the mailbox as it was, or the one that joins it. Mails that ask for an answer by a link of the
    purposes `void` (all of them unless said) are written anew, and withdrawn here; so is the link to "Meine
    Seite" if all are. Returns how many still go.
    """
    anew = asked_again() & set(void) if void else asked_again()
    kinds = of_the_mailbox() + link_kinds()

    def renewed(text: str) -> str | None:
        found = {token: _renewed(token, kinds, before, after) for token in set(TOKEN.findall(text))}
        if any(purpose in anew for purpose, _token in found.values()):
            return None
        return TOKEN.sub(lambda match: found[match[0]][1], text)

    written_anew = () if void else (MY_PAGE_LINK,)
    return forward(before.pk, to_id=after.pk, to_email=after.email, renew=renewed, written_anew=written_anew)


def of_the_mailbox() -> list[LinkKind]:
    """Kinds of links whose row is the mailbox itself."""
    return [MY_PAGE, ASK_FOR_PAGE, ERASE, *(unsubscribe_kind(kind.name) for kind in optional_mails())]


def _renewed(token: str, kinds: list[LinkKind], before: Mailbox, after: Mailbox) -> tuple[str, str]:
    """Return the purpose of `token` and the one that takes its place: as long, for the same row.

    What is no link of the mailbox, or was void before, stays as it is.
    """
    for kind in kinds:
        try:
            text, ends_at = signed_text(kind.purpose, token)
        except LinkNotValid:
            continue
        row, _dot, version = text.partition(".")
        if version != str(before.version_of(kind.purpose)):
            break
        if kind in of_the_mailbox() and row == str(before.pk):
            row = str(after.pk)
        text = f"{row}.{after.version_of(kind.purpose)}"
        new = sign(kind.purpose, text, now=ends_at - kind.valid_for, valid_for=kind.valid_for)
        return kind.purpose, new
    return "", token
