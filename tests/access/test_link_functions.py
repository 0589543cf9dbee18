"""Every access function that takes a link: its own gives its row, any other link and any other time none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from citizens import access as citizens
from citizens.domain.links import CONFIRM_ADDRESS, ERASE, MY_PAGE, STOP_ADDRESS, LinkKind
from citizens.models import AddressChange, Mailbox
from citizens.services.links import issue, revoke_all, revoke_kinds
from donations import access as money
from donations.domain.links import CHANGE_MONTHLY, CORRECT_ADDRESS, END_MONTHLY, MEND_MONTHLY
from donations.receipts import access as receipts
from donations.receipts.access import access_address_to_correct
from foundation.links import LinkExpired, LinkNotValid, sign
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.signed_links import PAGES
from volunteers import access as time
from volunteers.domain import links as kinds
from volunteers.models import TimePledge

pytestmark = pytest.mark.django_db
Find = Callable[..., Any]
ERASED = {"email": "postfach-0@erased.invalid", "unwanted": []}
LINKS: dict[str, tuple[Find, LinkKind, Callable[[Scene], Any]]] = {
    "confirm": (time.access_pledge_to_confirm, kinds.CONFIRM_PLEDGE, lambda scene: scene.unconfirmed),
    "confirm again": (
        time.access_pledge_to_confirm_again,
        kinds.CONFIRM_PLEDGE,
        lambda scene: scene.unconfirmed,
    ),
    "withdraw": (time.access_pledge_to_withdraw, kinds.WITHDRAW_PLEDGE, lambda scene: scene.pledge),
    "leave": (time.access_placement_to_leave, kinds.LEAVE_PLACEMENT, lambda scene: scene.active),
    "offer": (time.access_offer, kinds.OFFER, lambda scene: scene.offer),
    "stand_in": (time.access_stand_in_question, kinds.STAND_IN, lambda scene: scene.stand_in),
    "feed": (time.access_person_calendar, kinds.PERSON_CALENDAR, lambda scene: scene.person),
    "calendar": (time.access_placement_calendar, kinds.PLACEMENT_CALENDAR, lambda scene: scene.active),
    "letter": (time.access_placement_letter, kinds.PLACEMENT_LETTER, lambda scene: scene.to_inspect),
    "steps": (time.access_placement_steps, kinds.PLACEMENT_STEPS, lambda scene: scene.to_sign),
    "guardian": (time.access_consent, kinds.GUARDIAN, lambda scene: scene.consent),
    "end_monthly": (money.access_monthly_to_end, END_MONTHLY, lambda scene: scene.monthly),
    "change_monthly": (money.access_monthly_to_change, CHANGE_MONTHLY, lambda scene: scene.monthly),
    "mend_monthly": (money.access_monthly_to_mend, MEND_MONTHLY, lambda scene: scene.monthly),
    "correct_address": (access_address_to_correct, CORRECT_ADDRESS, lambda scene: scene.receipts.wish),
    "new_address": (citizens.access_address_to_confirm, CONFIRM_ADDRESS, lambda scene: scene.address_change),
    "old_address": (citizens.access_address_to_stop, STOP_ADDRESS, lambda scene: scene.address_change),
}


def mailbox_of(scene: Scene, name: str) -> Mailbox:
    if name.startswith("confirm"):
        return scene.unconfirmed.volunteer.mailbox
    if name in ("steps", "guardian"):
        return scene.to_sign.volunteer.mailbox if name == "steps" else scene.consent.mailbox
    is_about_money = name == "correct_address" or name.endswith("_monthly")
    return scene.donation.donor.mailbox if is_about_money else scene.person.mailbox


@pytest.mark.parametrize("name", LINKS)
def test_a_link_gives_its_row_until_its_time_is_over(scene: Scene, name: str) -> None:
    find, kind, row_of = LINKS[name]
    row = row_of(scene)
    token = issue(kind, mailbox_of(scene, name), row.pk, scene.now)
    just_before = scene.now + kind.valid_for - timedelta(seconds=1)
    assert find(token, scene.now) == row
    assert find(token, just_before) == row
    over = scene.now + kind.valid_for
    if name == "confirm again":
        assert find(token, over) == row
    else:
        with pytest.raises(LinkExpired):
            find(token, over)


@pytest.mark.parametrize("name", LINKS)
def test_no_other_link_gives_it(scene: Scene, name: str) -> None:
    find, kind, row_of = LINKS[name]
    row, mailbox = row_of(scene), mailbox_of(scene, name)
    others = [scene.link(other, Who.CITIZEN) for other in PAGES if not name.startswith(other)]
    same_row = issue(replace(kind, purpose="another"), mailbox, row.pk, scene.now)
    no_row = issue(kind, mailbox, 0, scene.now)
    older = sign(kind.purpose, f"{row.pk}.0", now=scene.now, valid_for=kind.valid_for)
    for token in (*others, same_row, no_row, *([] if name == "old_address" else [older]), "", "x"):
        with pytest.raises(LinkNotValid):
            find(token, scene.now)


@pytest.mark.parametrize("name", LINKS)
def test_a_link_made_void_gives_nothing(scene: Scene, name: str) -> None:
    """But the old address may always stop a change: whoever moved the mailbox made its other links void."""
    find, kind, row_of = LINKS[name]
    row, mailbox = row_of(scene), mailbox_of(scene, name)
    token = issue(kind, mailbox, row.pk, scene.now)
    for make_void in (revoke_all, lambda box: revoke_kinds(box, kind.purpose)):
        token = issue(kind, mailbox, row.pk, scene.now)
        make_void(mailbox)
        if name == "old_address":
            assert find(token, scene.now) == row
            continue
        with pytest.raises(LinkNotValid) as error:
            find(token, scene.now)
        assert error.value.args == (kind.purpose,)
    assert find(issue(kind, mailbox, row.pk, scene.now), scene.now) == row


@pytest.mark.parametrize("name", LINKS)
def test_an_erased_mailbox_has_no_links(scene: Scene, name: str) -> None:
    find, kind, row_of = LINKS[name]
    mailbox = mailbox_of(scene, name)
    token = issue(kind, mailbox, row_of(scene).pk, scene.now)
    Mailbox.objects.filter(pk=mailbox.pk).update(**ERASED, erased_at=scene.now)
    with pytest.raises(LinkNotValid) as error:
        find(token, scene.now)
    assert error.value.args == (kind.purpose,)


class TestWhatIsOver:
    @pytest.mark.parametrize(
        ("status", "opens", "again"),
        [
            ("open", True, False),
            ("placed", True, False),
            ("withdrawn", False, False),
            ("ended", False, False),
            ("lapsed", False, False),
        ],
    )
    def test_a_pledge_is_confirmed_while_it_runs_and_asked_again_while_it_waits(
        self, scene: Scene, status: str, opens: bool, again: bool
    ) -> None:
        pledge = scene.pledge
        TimePledge.objects.filter(pk=pledge.pk).update(status=status)
        token = issue(kinds.CONFIRM_PLEDGE, pledge.volunteer.mailbox, pledge.pk, scene.now)
        for find, found in (
            (time.access_pledge_to_confirm, opens),
            (time.access_pledge_to_confirm_again, again),
        ):
            if found:
                assert find(token, scene.now) == pledge
            else:
                with pytest.raises(LinkNotValid):
                    find(token, scene.now)
        step = issue(kinds.WITHDRAW_PLEDGE, pledge.volunteer.mailbox, pledge.pk, scene.now)
        assert time.access_pledge_to_withdraw(step, scene.now) == pledge

    @pytest.mark.parametrize(
        ("status", "confirms", "stops"),
        [
            ("moved", LinkNotValid, None),
            ("settled", LinkNotValid, LinkExpired),
            ("stopped", LinkNotValid, LinkNotValid),
        ],
    )
    def test_a_change_of_address_is_confirmed_once_and_stopped_in_time(
        self,
        scene: Scene,
        status: str,
        confirms: type[Exception] | None,
        stops: type[Exception] | None,
    ) -> None:
        change, mailbox = scene.address_change, scene.person.mailbox
        words = {"new_confirmed_at": scene.now} if status == "moved" else {"from_email": "", "to_email": ""}
        AddressChange.objects.filter(pk=change.pk).update(status=status, **words)
        for kind, find, refused in (
            (CONFIRM_ADDRESS, citizens.access_address_to_confirm, confirms),
            (STOP_ADDRESS, citizens.access_address_to_stop, stops),
        ):
            token = issue(kind, mailbox, change.pk, scene.now)
            if refused is None:
                assert find(token, scene.now) == change
            else:
                with pytest.raises(refused):
                    find(token, scene.now)

    def test_the_steps_of_a_placement_that_ended_are_none(self, scene: Scene) -> None:
        placement = scene.to_sign
        token = issue(kinds.PLACEMENT_STEPS, placement.volunteer.mailbox, placement.pk, scene.now)
        type(placement).objects.filter(pk=placement.pk).update(status="cancelled")
        with pytest.raises(LinkNotValid):
            time.access_placement_steps(token, scene.now)

    def test_the_calendar_of_somebody_unconfirmed_is_none(self, scene: Scene) -> None:
        person = scene.unconfirmed.volunteer
        token = issue(kinds.PERSON_CALENDAR, person.mailbox, person.pk, scene.now)
        with pytest.raises(LinkNotValid):
            time.access_person_calendar(token, scene.now)


class TestMailboxes:
    def test_a_link_about_a_mailbox_opens_that_mailbox(self, scene: Scene) -> None:
        mailbox = scene.person.mailbox
        token = issue(ERASE, mailbox, mailbox.pk, scene.now)
        assert citizens.access_mailbox(ERASE, token, scene.now) == mailbox
        for kind, pk in ((MY_PAGE, mailbox.pk), (ERASE, 0)):
            with pytest.raises(LinkNotValid) as error:
                citizens.access_mailbox(ERASE, issue(kind, mailbox, pk, scene.now), scene.now)
            assert error.value.args == ("erase",)
        with pytest.raises(LinkExpired):
            citizens.access_mailbox(ERASE, token, scene.now + timedelta(hours=1))
        revoke_all(mailbox)
        with pytest.raises(LinkNotValid):
            citizens.access_mailbox(ERASE, token, scene.now)

    @pytest.mark.parametrize(
        ("find", "part", "old", "closed"),
        [
            (time.access_own_page, "zeit", "my_pledges", "my_gifts"),
            (money.access_own_gifts, "geld", "my_gifts", "my_pledges"),
            (receipts.access_own_receipts, "bestaetigungen", None, "my_gifts"),
        ],
    )
    def test_a_link_from_before_opens_its_own_part(
        self, scene: Scene, find: Find, part: str, old: str | None, closed: str
    ) -> None:
        opened = find(scene.link("my_page", Who.CITIZEN), scene.now)
        assert (opened.mailbox, opened.is_whole, opened.issued_at) == (
            scene.person.mailbox,
            True,
            scene.now.replace(microsecond=0),
        )
        if old is not None:
            assert find(scene.link(old, Who.CITIZEN), scene.now).only == part
        for token in (scene.link(closed, Who.CITIZEN), scene.link("erase", Who.CITIZEN)):
            with pytest.raises(LinkNotValid):
                find(token, scene.now)


class TestSubjects:
    def test_a_link_from_before_versions_counts_as_the_first(self, scene: Scene) -> None:
        token = sign("erase", "17", now=scene.now, valid_for=ERASE.valid_for)
        subject = citizens.subject_of(ERASE, token, scene.now)
        assert (subject.kind, subject.pk, subject.version) == (ERASE, 17, 1)
        assert subject.issued_at == scene.now.replace(microsecond=0)

    @pytest.mark.parametrize("pk", ["999999999999999999", "0"])
    def test_a_number_is_read_up_to_eighteen_digits(self, scene: Scene, pk: str) -> None:
        token = sign("erase", f"{pk}.12", now=scene.now, valid_for=ERASE.valid_for)
        subject = citizens.subject_of(ERASE, token, scene.now)
        assert (subject.pk, subject.version) == (int(pk), 12)

    @pytest.mark.parametrize(
        "text", ["", ".1", "5.", "x.1", "5.x", "-5.1", "٣.1", "²", "1000000000000000000"]
    )
    def test_anything_else_is_no_link(self, scene: Scene, text: str) -> None:
        token = sign("erase", text, now=scene.now, valid_for=ERASE.valid_for)
        with pytest.raises(LinkNotValid):
            citizens.subject_of(ERASE, token, scene.now)
