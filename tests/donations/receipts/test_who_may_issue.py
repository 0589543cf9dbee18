"""A body may issue on a day: complete, confirmed by two, its notice young enough, its texts compared."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from donations.receipts.domain.issuers import Body, Lack, lacks, notice_valid_until
from donations.receipts.domain.purposes import furthering, promoted
from donations.receipts.gateways.template_files import all_templates, template_for, templates_of
from donations.receipts.models import Issuer
from donations.receipts.services.issuers import (
    ConfirmRefusal,
    ConfirmRefused,
    approve,
    confirm,
    drop,
    propose,
)
from donations.receipts.services.readiness import are_issued_for, ready, unapproved
from foundation.clock import local_day
from foundation.history import lines_of
from programs.access import Role
from programs.models import Fund, Provider
from tests.donations.receipts.bodies import ISSUED_AT, city, details, hand, make_issuer
from tests.factories import make_fund, make_provider, make_user

DAY = local_day(ISSUED_AT)
BODY = Body(
    kind="kstg_5_1_9",
    name="Verein",
    street="Weg 1",
    postcode="52349",
    town="Düren",
    signatory="Vera",
    purposes=frozenset({"52-4"}),
    tax_office="Düren",
    tax_number="1",
    notice_kind="exemption",
    notice_on=date(2025, 5, 12),
    assessed_until="2024",
)
TOWN = replace(BODY, kind="jpoer", notice_kind="", notice_on=None, tax_office="", tax_number="")


@pytest.mark.django_db
def test_an_error_report_shows_no_signature() -> None:
    assert "PNG" not in repr(details(make_fund()))


@pytest.mark.parametrize(
    ("body", "day", "missing"),
    [
        (BODY, date(2025, 5, 12), []),
        (BODY, date(2025, 5, 11), [Lack.NOTICE_IN_FUTURE]),
        (BODY, date(2030, 5, 12), []),
        (BODY, date(2030, 5, 13), [Lack.NOTICE_TOO_OLD]),
        (replace(BODY, notice_kind="statutes", assessed_until=""), date(2028, 5, 12), []),
        (replace(BODY, notice_kind="statutes"), date(2028, 5, 13), [Lack.NOTICE_TOO_OLD]),
        (replace(BODY, notice_kind="statutes", had_exemption=True), DAY, [Lack.HAD_EXEMPTION]),
        (replace(BODY, had_exemption=True), DAY, []),
        (replace(BODY, assessed_until=""), DAY, [Lack.NOTICE]),
        (replace(BODY, notice_on=None), DAY, [Lack.NOTICE]),
        (replace(BODY, notice_kind="", tax_number=""), DAY, [Lack.NOTICE]),
        (replace(BODY, name="", town=""), DAY, [Lack.NAME, Lack.ADDRESS]),
        (replace(BODY, purposes=frozenset(), signatory=""), DAY, [Lack.SIGNATORY, Lack.PURPOSES]),
        (replace(BODY, tax_office=""), DAY, [Lack.TAX_OFFICE]),
        (replace(BODY, machine_notified_on=DAY), DAY, [Lack.SIGNATURE]),
        (replace(BODY, machine_notified_on=DAY, has_signature=True), DAY, []),
        (TOWN, date(2060, 1, 1), []),
        (replace(TOWN, machine_notified_on=DAY, has_signature=True), DAY, [Lack.TAX_OFFICE]),
    ],
)
def test_what_is_missing_on_that_day(body: Body, day: date, missing: list[Lack]) -> None:
    assert lacks(body, day) == missing


def test_a_notice_of_a_leap_day_ends_on_the_28th() -> None:
    assert notice_valid_until("exemption", date(2024, 2, 29)) == date(2029, 2, 28)
    assert notice_valid_until("statutes", date(2024, 2, 29)) == date(2027, 2, 28)


def test_purposes_are_named_in_the_words_and_the_order_of_the_law() -> None:
    assert furthering(["53", "52-4", "52-4"]) == (
        "der Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO) und mildtätiger Zwecke (§ 53 AO)"
    )
    assert promoted(["52-21"]) == "den Sport (§ 52 Abs. 2 Satz 1 Nr. 21 AO)"


class TestTemplates:
    def test_each_kind_of_body_has_one_for_each_kind_of_receipt(self) -> None:
        for kind, texts in (
            ("jpoer", ["collective", "forwarded", "forwarded_collective", "goods", "money"]),
            ("kstg_5_1_9", ["collective", "goods", "money"]),
        ):
            assert [each.kind for each in templates_of(kind, DAY)] == texts
        assert templates_of("none", DAY) == []

    def test_none_holds_before_its_first_day(self) -> None:
        assert template_for("money", "jpoer", date(2013, 11, 6)) is None
        assert template_for("money", "jpoer", date(2013, 11, 7)) is not None

    def test_every_text_says_who_is_liable_and_is_known_by_its_digest(self) -> None:
        assert len({each.digest for each in all_templates()}) == len(all_templates()) == 8
        for each in all_templates():
            hints = [block["text"] for block in each.texts["blocks"] if block["is"] == "hint"]
            assert hints[0].endswith("(§ 10b Abs. 4 EStG, § 9 Abs. 3 KStG, § 9 Nr. 5 GewStG).")
            assert hints[-1].endswith("zurückliegt (§ 63 Abs. 5 AO).")
            assert "Spendenquittung" not in str(each.texts)


@pytest.fixture
def provider(db: None) -> Provider:
    return make_provider("Verein Lesen", issuer_kind="kstg_5_1_9")


@pytest.fixture
def fund(provider: Provider) -> Fund:
    return make_fund("Bücher", provider=provider)


@pytest.mark.django_db
class TestTwoPersons:
    def test_what_one_says_counts_when_another_confirms(self, provider: Provider, fund: Fund) -> None:
        one, other = make_user(Role.TREASURER, provider), make_user(Role.TREASURER, provider)
        proposal = propose(provider, details(fund), proposed_by=one, actor=hand(one), now=ISSUED_AT)
        assert ready(provider.pk, "money", DAY) is None
        with pytest.raises(ConfirmRefused) as refused:
            confirm(proposal.pk, confirmed_by=one, actor=hand(one), now=ISSUED_AT)
        assert refused.value.reason is ConfirmRefusal.SAME_PERSON
        assert Issuer.objects.get().status == "proposed"
        confirm(proposal.pk, confirmed_by=other, actor=hand(other), now=ISSUED_AT)
        issuer = Issuer.objects.get()
        assert (issuer.status, issuer.confirmed_by, issuer.confirmed_at) == ("confirmed", other, ISSUED_AT)
        (line,) = lines_of(issuer)
        assert (line.from_status, line.to_status, line.actor_user) == ("proposed", "confirmed", other.pk)

    def test_a_change_replaces_what_counted_and_an_older_proposal_falls(
        self, provider: Provider, fund: Fund
    ) -> None:
        make_issuer(provider, details(fund))
        user, other = make_user(Role.TREASURER, provider), make_user(Role.TREASURER, provider)
        for name in ("Erste", "Zweite"):
            last = propose(
                provider, details(fund, name=name), proposed_by=user, actor=hand(user), now=ISSUED_AT
            )
        found = ready(provider.pk, "money", DAY)
        assert found is not None
        assert found.issuer.name == "Verein Lesen e. V."
        confirm(last.pk, confirmed_by=other, actor=hand(other), now=ISSUED_AT)
        names = dict(Issuer.objects.values_list("name", "status"))
        assert names == {"Verein Lesen e. V.": "replaced", "Erste": "dropped", "Zweite": "confirmed"}

    def test_what_lacks_something_is_not_confirmed(self, provider: Provider, fund: Fund) -> None:
        with pytest.raises(ConfirmRefused) as refused:
            make_issuer(provider, details(fund, notice_on=date(2020, 1, 1), signature=None))
        assert refused.value.reason is ConfirmRefusal.LACKS_SOMETHING
        assert refused.value.lacks == [Lack.SIGNATURE, Lack.NOTICE_TOO_OLD]
        assert Issuer.objects.get().status == "proposed"

    def test_a_code_belongs_to_one_body_for_ever(self, provider: Provider, fund: Fund) -> None:
        make_issuer(provider, details(fund))
        make_issuer(provider, details(fund, code="NEU"))
        other = make_fund("Anderer", provider=make_provider())
        for code in ("VL", "NEU"):
            with pytest.raises(ConfirmRefused) as refused:
                make_issuer(other.provider, details(other, code=code))
            assert refused.value.reason is ConfirmRefusal.CODE_TAKEN

    def test_what_was_decided_stays_decided(self, provider: Provider, fund: Fund) -> None:
        issuer = make_issuer(provider, details(fund))
        third = make_user(Role.TREASURER, provider)
        assert drop(issuer, actor=hand(third), now=ISSUED_AT) is False
        with pytest.raises(ConfirmRefused) as refused:
            confirm(issuer.pk, confirmed_by=third, actor=hand(third), now=ISSUED_AT)
        assert refused.value.reason is ConfirmRefusal.NO_LONGER_OPEN

    def test_after_an_exemption_the_statutes_do_not_do(self, provider: Provider, fund: Fund) -> None:
        make_issuer(provider, details(fund))
        with pytest.raises(ConfirmRefused) as refused:
            make_issuer(provider, details(fund, notice_kind="statutes"))
        assert refused.value.lacks == [Lack.HAD_EXEMPTION]

    def test_the_database_itself_wants_two_and_no_edits(self, provider: Provider, fund: Fund) -> None:
        issuer = make_issuer(provider, details(fund))
        for wrong in (
            {"confirmed_by": issuer.proposed_by},
            {"kind": "jpoer"},
            {"status": "nonsense"},
            {"name": "Anders"},
            {"notice_on": date(2026, 1, 1)},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Issuer.objects.update(**wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            Issuer.objects.create(
                provider=provider,
                status="confirmed",
                status_changed_at=ISSUED_AT,
                proposed_at=ISSUED_AT,
                confirmed_at=ISSUED_AT,
                **vars(details(fund)),
            )


@pytest.mark.django_db
class TestReady:
    def test_only_with_both_texts_compared_and_a_purpose(self, provider: Provider, fund: Fund) -> None:
        issuer = make_issuer(provider, details(fund), approved=False)
        user = issuer.confirmed_by
        assert user is not None
        steps = []
        for template in unapproved(issuer, DAY):
            steps.append(are_issued_for(fund, DAY))
            assert approve(provider, template, approved_by=user, actor=hand(user), now=ISSUED_AT)
            assert not approve(provider, template, approved_by=user, actor=hand(user), now=ISSUED_AT)
        assert [*steps, are_issued_for(fund, DAY)] == [False, False, True]
        assert unapproved(issuer, DAY) == []
        assert not are_issued_for(make_fund(provider=provider), DAY)

    def test_it_ends_with_the_notice_to_the_day(self, provider: Provider, fund: Fund) -> None:
        make_issuer(provider, details(fund))
        assert are_issued_for(fund, date(2030, 5, 12))
        assert not are_issued_for(fund, date(2030, 5, 13))

    def test_a_text_compared_by_one_body_is_not_compared_by_another(
        self, provider: Provider, fund: Fund
    ) -> None:
        make_issuer(provider, details(fund))
        other = make_fund("Anderer", provider=make_provider())
        make_issuer(other.provider, details(other, code="AN"), approved=False)
        assert not are_issued_for(other, DAY)

    def test_the_city_needs_no_notice(self, provider: Provider, fund: Fund) -> None:
        make_issuer(provider, city(fund), datetime(2026, 1, 1, tzinfo=UTC))
        assert are_issued_for(fund, DAY + timedelta(days=9000))
