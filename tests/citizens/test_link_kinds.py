"""What stands in people's mails must open tomorrow: the purposes of signed links and how long they work.

A purpose that is renamed makes every link void that was sent; one that two kinds share lets one serve as the
other.
"""

from datetime import timedelta

from citizens.domain import links as citizens
from citizens.domain.links import LinkKind
from citizens.services.parts import link_kinds, optional_mails
from citizens.services.waiting_mails import of_the_mailbox
from donations.domain import links as donations
from volunteers.domain import links as volunteers

SENT = {
    "ask_for_page": timedelta(days=2),
    "confirm_address": timedelta(days=2),
    "erase": timedelta(hours=1),
    "guardian": timedelta(days=1500),
    "monthly_change": timedelta(hours=1),
    "monthly_end": timedelta(hours=1),
    "monthly_mend": timedelta(days=60),
    "my_gifts": timedelta(days=180),
    "my_page": timedelta(days=180),
    "my_pledges": timedelta(days=180),
    "offer": timedelta(days=60),
    "person_calendar": timedelta(days=730),
    "placement_calendar": timedelta(days=365),
    "placement_leave": timedelta(hours=1),
    "placement_letter": timedelta(days=90),
    "placement_steps": timedelta(days=180),
    "pledge_confirm": timedelta(days=4),
    "pledge_withdraw": timedelta(hours=1),
    "receipt_address": timedelta(hours=1),
    "stand_in": timedelta(days=60),
    "stop_address": timedelta(days=14),
    "unsubscribe": timedelta(days=730),
}
BY_LETTER = {"stop_address": timedelta(days=180)}
"""The same purposes where the post takes its time."""


def test_every_link_keeps_its_purpose_and_its_time() -> None:
    kinds = {
        name: kind
        for module in (citizens, donations, volunteers)
        for name, kind in vars(module).items()
        if isinstance(kind, LinkKind)
    }
    by_letter = {name for name in kinds if name.endswith("_BY_LETTER")}
    assert {kinds[name].purpose: kinds[name].valid_for for name in by_letter} == BY_LETTER
    by_mail = kinds.keys() - by_letter
    assert {kinds[name].purpose: kinds[name].valid_for for name in by_mail} == SENT
    assert (len(by_mail), len(by_letter)) == (len(SENT), len(BY_LETTER))


def test_every_kind_is_renewed_in_mails_that_wait() -> None:
    """But those that no mail to the owner holds any more, or that must stay with their address."""
    renewed = {kind.purpose for kind in [*of_the_mailbox(), *link_kinds()]}
    optional = {f"unsubscribe.{kind.name}" for kind in optional_mails()}
    elsewhere = {"confirm_address", "stop_address", "my_gifts", "my_pledges", "unsubscribe"}
    assert renewed == set(SENT) - elsewhere | optional
