"""Why no receipt, no body and no goods: each refusal in its words, with nothing stored and no number used."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from donations.models import Dispute, Donation, ReceiptAddress
from donations.receipts.models import Contribution, Issuer, Receipt, ReceiptCounter, WishRefusal
from donations.receipts.services.contributions import confirm as confirm_goods
from donations.receipts.services.issuers import propose
from donations.receipts.services.issuing import issue
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.units import Cents
from outbox.models import Message
from programs.access import Role
from programs.models import Fund
from tests.donations.money_scene import signed_in, told_by
from tests.donations.receipts.bodies import city, details, hand, make_issuer, wished_gift, written_down
from tests.factories import make_fund, make_provider, make_user
from tests.kept import kept

pytestmark = pytest.mark.django_db
PLACE = "/koordination/bestaetigungen/"
HAND = system("test")


@dataclass
class Scene:
    """A club that issues, with one wish, and a neighbour that issues too."""

    now: datetime
    fund: Fund
    neighbour: Fund
    gift: Donation
    one: Client
    other: Client
    foreign: Client


def make_scene() -> Scene:
    now = utc_now()
    fund, neighbour = (
        make_fund(name, provider=make_provider(body, issuer_kind="kstg_5_1_9"))
        for name, body in (("Bücher", "Verein Lesen"), ("Bälle", "Verein Sport"))
    )
    today = local_day(now)
    make_issuer(fund.provider, details(fund, notice_on=today), now)
    make_issuer(neighbour.provider, details(neighbour, notice_on=today, code="VS"), now)
    people = [signed_in(make_user(Role.TREASURER, each.provider)) for each in (fund, fund, neighbour)]
    gift = wished_gift(fund, at=now - timedelta(days=100))
    return Scene(now, fund, neighbour, gift, *people)


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with kept(make_scene, django_db_blocker) as scene:
        yield scene


@pytest.fixture
def scene(db: None, scene_of_module: Scene) -> Scene:
    return deepcopy(scene_of_module)


def post(client: Client, page: str, /, *args: Any, **answers: Any) -> HttpResponse:
    return client.post(reverse(page, args=args), answers)


def set_gift(**values: Any) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        Donation.objects.filter(pk=scene.gift.pk).update(**values)

    return act


def inquire(scene: Scene) -> None:
    Dispute.objects.create(
        donation=scene.gift, external_id="dp_1", amount_cents=2500, opened_at=scene.now, outcome="asked"
    )


REFUSED: list[tuple[str, Callable[[Scene], Any], str]] = [
    ("disputed", set_gift(status="disputed"), "Die Zahlung ist bestritten."),
    (
        "refunded",
        set_gift(status="refunded", refunded_cents=2500),
        "Die Spende wurde zurückgezahlt oder zurückgebucht.",
    ),
    (
        "lost",
        set_gift(status="lost", lost_cents=2500),
        "Die Spende wurde zurückgezahlt oder zurückgebucht.",
    ),
    (
        "all parts gone",
        set_gift(status="partly_refunded", refunded_cents=2000, lost_cents=500),
        "Die Spende wurde zurückgezahlt oder zurückgebucht.",
    ),
    ("pledged", set_gift(status="pledged", received_at=None), "Das Geld ist noch nicht da."),
    ("awaiting", set_gift(acceptance="awaiting"), "Die Spende ist noch nicht angenommen."),
    (
        "refused",
        set_gift(acceptance="refused", acceptance_at=datetime(2026, 6, 2, 9, tzinfo=UTC)),
        "Die Spende ist noch nicht angenommen.",
    ),
    ("nameless", set_gift(donor_name=""), "Ohne Namen gibt es keine Bestätigung."),
    (
        "no address",
        lambda scene: ReceiptAddress.objects.filter(donation=scene.gift).delete(),
        "Die Anschrift fehlt.",
    ),
    (
        "inquired",
        inquire,
        "Die Bank fragt nach dieser Zahlung. Bis das geklärt ist, warten wir: Das Geld kann noch "
        "zurückgehen.",
    ),
    (
        "other purpose",
        lambda scene: Donation.objects.filter(pk=scene.gift.pk).update(
            fund=make_fund("Neu", provider=scene.fund.provider)
        ),
        "Diesem Spendenzweck ist kein begünstigter Zweck zugeordnet.",
    ),
    (
        "unprintable",
        set_gift(donor_name="Ада 漢字"),
        "Name oder Anschrift haben Zeichen, die sich nicht drucken lassen.",
    ),
]


@pytest.mark.parametrize(("_why", "change", "said"), REFUSED, ids=[each[0] for each in REFUSED])
def test_a_wish_that_cannot_be_issued_says_why_and_uses_no_number(
    scene: Scene, _why: str, change: Callable[[Scene], Any], said: str
) -> None:
    change(scene)
    counters = list(ReceiptCounter.objects.values_list("provider", "year", "last"))
    assert told_by(post(scene.one, "coordination_wish_issue", scene.gift.pk)) == said
    assert not Receipt.objects.exists()
    assert list(ReceiptCounter.objects.values_list("provider", "year", "last")) == counters
    assert not Message.objects.filter(template__startswith="receipt").exists()


@pytest.mark.parametrize(("days", "is_issued"), [(56, False), (57, True)])
def test_a_debit_waits_eight_weeks_to_the_day_at_the_page(
    scene: Scene, days: int, *, is_issued: bool
) -> None:
    at = utc_now() - timedelta(days=days)
    Donation.objects.filter(pk=scene.gift.pk).update(method="sepa_debit", received_at=at)
    said = told_by(post(scene.one, "coordination_wish_issue", scene.gift.pk))
    assert Receipt.objects.exists() is is_issued
    if is_issued:
        assert said == f"Die Bestätigung {Receipt.objects.get().number} ist angelegt."
    else:
        assert said == "Eine Lastschrift lässt sich acht Wochen lang zurückgeben; so lange warten wir."


def test_a_receipt_is_issued_withdrawn_and_told_once(scene: Scene) -> None:
    year = local_day(scene.now).year
    said = told_by(post(scene.one, "coordination_wish_issue", scene.gift.pk))
    assert said == f"Die Bestätigung VL-{year}-00001 ist angelegt."
    again = told_by(post(scene.one, "coordination_wish_issue", scene.gift.pk))
    assert again == "Für diese Spende gibt es schon eine gültige Bestätigung."
    late = told_by(post(scene.one, "coordination_wish_refuse", scene.gift.pk, why="elsewhere"))
    assert late == "Dieser Wunsch war schon beantwortet."
    assert not WishRefusal.objects.exists()
    receipt = Receipt.objects.get()
    signed = told_by(post(scene.one, "coordination_receipt_sign", receipt.pk))
    assert signed == "Diese Bestätigung wartet nicht auf eine Unterschrift."
    assert told_by(post(scene.one, "coordination_receipt_withdraw", receipt.pk)) == "Zurückgenommen."
    assert told_by(post(scene.other, "coordination_receipt_withdraw", receipt.pk)) == (
        "Diese Bestätigung galt schon nicht mehr."
    )
    replaced = Receipt.objects.get(replaces=receipt)
    assert replaced.number == f"VL-{year}-00002"
    assert told_by(post(scene.one, "coordination_receipt_told", receipt.pk)) == (
        "Vermerkt: Das Finanzamt weiß Bescheid."
    )
    assert told_by(post(scene.one, "coordination_receipt_told", receipt.pk)) == (
        "Hier ist nichts (mehr) zu melden."
    )


def test_where_the_bank_names_nobody_else_there_is_nothing_to_say(scene: Scene) -> None:
    answers = {"verdict": "giver", "reason": "gefragt"}
    assert told_by(post(scene.one, "coordination_wish_payer", scene.gift.pk, **answers)) == (
        "Hier nennt die Bank keinen anderen Namen."
    )


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        (
            "coordination_wish_payer",
            {"verdict": "", "reason": ""},
            {
                "verdict": ["Bitte wählen Sie, wer gegeben hat."],
                "reason": ["Bitte nennen Sie, woher Sie es wissen."],
            },
        ),
        ("coordination_wish_refuse", {"why": ""}, {"why": ["Bitte wählen Sie einen Grund."]}),
    ],
)
def test_an_answer_to_a_wish_that_says_nothing_comes_back(
    scene: Scene, name: str, answers: dict[str, str], said: dict[str, list[str]]
) -> None:
    page = post(scene.one, name, scene.gift.pk, **answers)
    assert page.status_code == 422
    assert page.context["form"].errors == said
    assert not WishRefusal.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Ada www.boese.example"}, "name"),
        ({"street": "n" * 121}, "street"),
        ({"street": "Weg 1 https://boese.example"}, "street"),
        ({"postcode": "5234"}, ""),
        ({"postcode": "Düren!"}, "postcode"),
        ({"town": ""}, "town"),
    ],
)
def test_name_and_address_are_what_can_be_printed(scene: Scene, wrong: dict[str, str], field: str) -> None:
    right = {"name": "Ada Neu", "street": "Weg 2", "postcode": "52351", "town": "Düren"}
    page = post(scene.one, "coordination_wish", scene.gift.pk, **{**right, **wrong})
    stays = {"street": "Musterweg 1"} if field else {"street": "Weg 2"}
    assert page.status_code == (422 if field else 303)
    assert list(page.context["form"].errors) == [field] if field else True
    assert ReceiptAddress.objects.filter(donation=scene.gift, **stays).exists()


def test_a_code_belongs_to_one_body_and_what_lacks_something_is_named(scene: Scene) -> None:
    today = local_day(scene.now)
    first = make_user(Role.TREASURER, scene.neighbour.provider)

    def proposed(**changed: Any) -> Issuer:
        said = details(scene.neighbour, notice_on=today, **changed)
        return propose(scene.neighbour.provider, said, proposed_by=first, actor=hand(first), now=scene.now)

    def confirmed(proposal: Issuer, client: Client = scene.foreign) -> str:
        return told_by(post(client, "coordination_issuer_confirm", proposal.pk, confirm="1"))

    taken = proposed(code="VL")
    assert confirmed(taken) == "Dieses Kürzel hat schon ein anderer Aussteller."
    assert confirmed(taken, signed_in(first)) == (
        "Was Sie selbst eingetragen haben, bestätigt jemand anders."
    )
    assert confirmed(proposed(code="VS", signatory="", street="", tax_number="")) == (
        "Die Anschrift ist unvollständig. Es ist niemand genannt, der unterschreibt. Angaben zum Bescheid "
        "fehlen."
    )
    assert confirmed(proposed(code="VS", tax_office="", purposes=[], fund_purposes={})) == (
        "Kein begünstigter Zweck ist gewählt. Das Finanzamt fehlt."
    )
    assert confirmed(proposed(code="VS", signature=None)) == (
        "Für die maschinelle Erstellung fehlt das Bild der Unterschrift."
    )
    right = proposed(code="VS")
    assert confirmed(right) == "Bestätigt. Ab jetzt gelten diese Angaben."
    gone = reverse("coordination_issuer_confirm", args=[right.pk])
    assert scene.foreign.post(gone, {"confirm": "1"}).status_code == 404
    counts = Issuer.objects.filter(provider=scene.neighbour.provider).values_list("status", flat=True)
    assert sorted(counts) == ["confirmed", "dropped", "dropped", "dropped", "dropped", "replaced"]


def test_a_text_that_is_compared_is_noted_and_one_that_is_none_is_not_there(scene: Scene) -> None:
    page = scene.one.get(reverse("coordination_templates", args=[scene.fund.provider_id]))
    digest = page.context["shown"][0].template.digest
    pk = scene.fund.provider_id
    assert told_by(post(scene.one, "coordination_template_approve", pk, digest)) == (
        "Vermerkt: Diese Vorlage stimmt mit dem amtlichen Muster überein."
    )
    assert post(scene.one, "coordination_template_approve", pk, "0" * 64).status_code == 404
    assert post(scene.foreign, "coordination_template_approve", pk, digest).status_code == 404


def test_goods_are_confirmed_by_another_receipted_once_and_undone_with_a_reason(scene: Scene) -> None:
    writer, second = (make_user(Role.TREASURER, scene.fund.provider) for _ in range(2))
    today = local_day(scene.now)
    row = written_down(scene.fund, by=writer, at=scene.now, given_on=today)
    client, own = signed_in(second), signed_in(writer)

    def told(name: str, who: Client = client, **answers: str) -> str:
        return told_by(post(who, f"coordination_contribution_{name}", row.pk, **answers))

    assert told("issue") == "Eine zweite Person hat sie noch nicht bestätigt."
    assert told("undo", reason="falsch") == "Darüber wurde schon entschieden."
    assert told("decide", own) == "Was Sie selbst aufgeschrieben haben, bestätigt jemand anders."
    assert told("decide") == "Bestätigt."
    assert told("decide") == "Darüber wurde schon entschieden."
    assert told("decide", drop="1") == "Darüber wurde schon entschieden."
    number = f"VL-{today.year}-00001"
    assert told("issue") == f"Die Bestätigung {number} ist angelegt."
    assert told("issue") == "Für diese Spende gibt es schon eine gültige Bestätigung."
    assert told("undo", reason="") == "Bitte geben Sie einen Grund an."
    assert told("undo", own, reason="falsch") == (
        "Was Sie selbst aufgeschrieben haben, bestätigt jemand anders."
    )
    assert told("undo", reason="zurückgegeben") == (
        "Rückgängig gemacht. Eine Bestätigung darüber wird zurückgenommen."
    )
    row.refresh_from_db()
    assert (row.status, row.undone_by, row.undone_for) == ("undone", second, "zurückgegeben")


def test_what_nobody_wishes_gets_no_receipt_and_a_dropped_one_never(scene: Scene) -> None:
    writer, second = (make_user(Role.TREASURER, scene.fund.provider) for _ in range(2))
    today = local_day(scene.now)
    plain = written_down(scene.fund, by=writer, at=scene.now, given_on=today, wants_receipt=False)
    confirm_goods(plain.pk, by=second, actor=hand(second), now=scene.now)
    said = told_by(post(scene.one, "coordination_contribution_issue", plain.pk))
    assert said == "Hier wünscht niemand eine Bestätigung."
    dropped = written_down(scene.fund, by=writer, at=scene.now, given_on=today)
    assert told_by(post(scene.one, "coordination_contribution_decide", dropped.pk, drop="1")) == "Verworfen."
    said = told_by(post(scene.one, "coordination_contribution_issue", dropped.pk))
    assert said == "Eine zweite Person hat sie noch nicht bestätigt."
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": f"{'a' * 250}@example.org"}, "email"),
        ({"email": "keine"}, "email"),
        ({"value": "1.000.000.000.000"}, "value"),
        ({"value": "-1"}, "value"),
        ({"vat": "0"}, "vat"),
        ({"description": ""}, "description"),
        ({"basis": ""}, "basis"),
        ({"origin": "geklaut"}, "origin"),
        ({"given_on": "2026-02-30"}, "given_on"),
        ({"postcode": "52349 Düren"}, "postcode"),
        ({"pending_matter": "vielleicht"}, "pending_matter"),
    ],
)
def test_what_is_wrong_about_goods_stands_at_its_field(
    scene: Scene, changed: dict[str, str], field: str
) -> None:
    right = {
        "fund": str(scene.fund.pk),
        "name": "Ada Neu",
        "street": "Weg 2",
        "postcode": "52351",
        "town": "Düren",
        "email": "",
        "given_on": "2026-03-02",
        "description": "Rad",
        "age": "neu",
        "condition": "gut",
        "purchase_price": "100 €",
        "origin": "private",
        "value": "100",
        "vat": "",
        "basis": "Rechnung",
    }
    page = post(scene.one, "coordination_contribution_new", "sachspende", **{**right, **changed})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    for name, typed in {**right, **changed}.items():
        assert str(page.context["form"][name].value()) == typed
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("?jahr=abc&stand=quatsch&art=x", 1),
        ("?jahr=1999", 1),
        ("?jahr=2999", 0),
        ("?stand=issued", 1),
        ("?stand=withdrawn", 0),
        ("?art=money", 1),
        ("?art=goods", 0),
        ("?suche=VL-", 1),
        ("?suche=kanarien+ada", 1),
        ("?suche=kanarien+ben", 0),
        ("?suche=%25", 0),
        (f"?suche={'x' * 81}", 1),
        ("?page=99", 1),
        ("?page=-1", 1),
        ("?page=zwei", 1),
    ],
)
def test_nonsense_in_the_address_of_the_register_means_all(scene: Scene, query: str, found: int) -> None:
    issue([scene.gift.pk], actor=HAND, now=scene.now)
    page = scene.one.get(f"{PLACE}{query}")
    assert page.status_code == 200
    assert len(page.context["page"]) == found
    assert len(scene.foreign.get(f"{PLACE}{query}").context["page"]) == 0


@pytest.mark.parametrize(
    "address",
    [
        "{receipt}/",
        "{receipt}.pdf",
        "{receipt}/ruecknahme.pdf",
        "wuensche/{gift}/",
        "aussteller/{body}/",
        "aussteller/{body}/vorlagen/",
        "sachwerte/{goods}/",
    ],
)
def test_what_a_club_has_is_not_there_for_its_neighbour(scene: Scene, address: str) -> None:
    receipt = issue([scene.gift.pk], actor=HAND, now=scene.now)
    post(scene.one, "coordination_receipt_withdraw", receipt.pk)
    writer = make_user(Role.TREASURER, scene.fund.provider)
    goods = written_down(scene.fund, by=writer, at=scene.now, given_on=local_day(scene.now))
    own = {
        "receipt": receipt.pk,
        "gift": scene.gift.pk,
        "body": scene.fund.provider_id,
        "goods": goods.pk,
    }
    place = PLACE + address.format(**own)
    assert scene.one.get(place).status_code == 200
    assert scene.foreign.get(place).status_code == 404
    assert Client().get(place).status_code == 302


def test_of_a_city_that_passes_on_the_notice_of_the_other_body_counts_to_the_day(scene: Scene) -> None:
    town = make_fund("Stadtbücher", provider=make_provider("Stadt", issuer_kind="jpoer"))
    today = local_day(scene.now)
    club = {
        "name": "Verein Lesen e. V.",
        "tax_office": "Jülich",
        "tax_number": "207/9999/1234",
        "notice_kind": "statutes",
        "notice_on": str(today - timedelta(days=3 * 366)),
    }
    make_issuer(town.provider, city(town, forwarding={str(town.pk): club}), scene.now)
    gift = wished_gift(town, at=scene.now - timedelta(days=100), cents=Cents(2500))
    client = signed_in(make_user(Role.TREASURER, town.provider))
    assert told_by(post(client, "coordination_wish_issue", gift.pk)) == (
        "Der Bescheid des Trägers, an den es weitergeht, zählt nicht."
    )
    assert not Receipt.objects.exists()
