"""The youth office's month among ten thousand people: it reports, decides, lets hold, and looks after."""

import json
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from figures.services.counting import count
from programs.models import Activity, District, DistrictFigure, Notice, Provider
from programs.selectors.notices import shown_target
from programs.services.notices import file_notice
from tests.browser.backstage import Backstage
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.steps import YOUTH_OFFICE, publish, sign_in
from tests.factories import make_provider
from volunteers.models import Weighting

pytestmark = [pytest.mark.browser]
SECOND, OPERATOR = "freigabe@demo.example", "betrieb@demo.example"
FIGURES = "Stadtteil;Angabe;Wert;Jahr;Quelle\nInnenstadt;Einwohnerinnen und Einwohner;{};2025;Melderegister\n"
WIDTHS = (PHONE["viewport"]["width"], DESKTOP["viewport"]["width"])


def fits(page: Page) -> None:
    """Nothing stands beyond the edge, on a phone and at a desk."""
    before = page.viewport_size
    assert before is not None
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": before["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, page.url)
    page.set_viewport_size(before)


@pytest.mark.usefixtures("ten_thousand")
def test_is_done_on_a_phone_and_at_a_desk(
    phone: Page, desktop: Page, open_page: OpenPage, backstage: Backstage, tmp_path: Path
) -> None:
    backstage(count, timezone.now())
    second = open_page(viewport=DESKTOP["viewport"], has_touch=False, is_mobile=False)
    for page, who in ((phone, YOUTH_OFFICE), (desktop, YOUTH_OFFICE), (second, SECOND)):
        sign_in(page, who)

    look_after_the_night(phone)
    draw_up_a_report(desktop)
    bring_in_figures(phone, second, backstage, tmp_path)
    bring_in_borders(desktop, second, backstage, tmp_path)
    weigh_a_district(desktop, backstage)
    let_an_activity_hold(second, phone, backstage)
    answer_a_notice(phone, backstage)
    read_the_trail(desktop)
    verify_a_provider(open_page(viewport=DESKTOP["viewport"], has_touch=False, is_mobile=False), backstage)


def look_after_the_night(page: Page) -> None:
    """See what runs by itself, and when it ran last."""
    page.goto("/koordination/nachtwache/")
    expect(page.get_by_text("E-Mails senden").first).to_be_visible()
    fits(page)


def draw_up_a_report(page: Page) -> None:
    """Make the report of the year and take it along."""
    page.goto("/koordination/berichte/")
    fits(page)
    page.get_by_role("button", name="Bericht machen").click()
    expect(page).to_have_url(re.compile(r"/koordination/berichte/\d+/$"))
    fits(page)
    for kind in ("PDF", "CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind).first.click()
        assert download.value.suggested_filename.endswith(f".{kind.lower()}")


def bring_in_figures(page: Page, second: Page, backstage: Backstage, folder: Path) -> None:
    """Look at figures in a file; they hold once somebody else has looked, too."""
    known = District.objects.filter(slug="innenstadt")
    district = backstage(known.get)
    rows = DistrictFigure.objects.filter(district=district, kind="population", year=2025)
    file = folder / "zahlen.csv"
    file.write_text(FIGURES.format("4711"))
    bring_in(page, "zahlen", file, says="4.711")
    assert not backstage(rows.filter(value=4711).exists)
    let_hold(second, page.url)
    assert backstage(rows.filter(value=4711).exists)
    take_back(second)
    assert not backstage(rows.filter(value=4711).exists)


def bring_in_borders(page: Page, second: Page, backstage: Backstage, folder: Path) -> None:
    """The same of an outline, with a picture of what is new: here one point more on its first edge."""
    known = District.objects.filter(slug="innenstadt")
    before = backstage(known.get).geometry
    ring = before["coordinates"][0]
    between = [round((one + other) / 2, 6) for one, other in zip(ring[0], ring[1], strict=True)]
    outline = {"type": "Polygon", "coordinates": [[ring[0], between, *ring[1:]]]}
    feature = {"type": "Feature", "properties": {"name": "Innenstadt"}, "geometry": outline}
    file = folder / "grenzen.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    bring_in(page, "grenzen", file, says=f"{len(ring) + 1} Punkte")
    assert backstage(known.get).geometry == before
    let_hold(second, page.url)
    assert backstage(known.get).geometry == outline
    take_back(second)
    assert backstage(known.get).geometry == before


def bring_in(page: Page, kind: str, file: Path, *, says: str) -> None:
    """Look at a file before it waits for somebody else."""
    page.goto(f"/koordination/einlesen/{kind}/")
    fits(page)
    page.get_by_label("Datei").set_input_files(file)
    page.get_by_label("Woher stammen die Angaben?").fill("Stadt Düren 2025")
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_text(says).first).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Zur Freigabe geben").click()
    expect(page.get_by_role("button", name="Freigeben", exact=True)).to_have_count(0)


def let_hold(second: Page, address: str) -> None:
    second.goto(address)
    second.get_by_role("button", name="Freigeben", exact=True).click()
    expect(second.get_by_text("Diese Datei zurücknehmen")).to_be_visible()


def take_back(second: Page) -> None:
    second.get_by_text("Diese Datei zurücknehmen").click()
    second.get_by_role("button", name="Zurücknehmen").click()
    expect(second.get_by_role("button", name="Zurücknehmen")).to_have_count(0)


def weigh_a_district(page: Page, backstage: Backstage) -> None:
    """See whom the next run would ask instead, and set it with a reason."""
    page.goto("/koordination/zuordnung/")
    page.get_by_label("Innenstadt").fill("110")
    page.get_by_role("button", name="Vorschau").click()
    expect(page.get_by_role("heading", name="Was der nächste Abgleich anders machen würde")).to_be_visible()
    assert not backstage(Weighting.objects.exists)
    fits(page)
    page.get_by_label("Begründung").fill("Zahlen des Melderegisters.")
    page.get_by_label("Jahr der Zahlen").fill("2025")
    page.get_by_role("button", name="So festlegen").click()
    expect(page.get_by_text("Das gilt ab dem nächsten Abgleich.")).to_be_visible()
    expect(page.get_by_label("Innenstadt")).to_have_value("110")


def let_an_activity_hold(page: Page, second: Page, backstage: Backstage) -> None:
    """The officer writes the next version; only somebody else lets it hold."""
    known = Activity.objects.exclude(slug="patenschaft").filter(current__isnull=False)
    activity = backstage(known.order_by("pk").select_related("current").first)
    assert activity is not None
    page.goto(f"/koordination/taetigkeiten/{activity.pk}/entwurf/")
    fits(page)
    page.locator("textarea[name=reasons]").fill("Im Mai neu angesehen: Es bleibt dabei.")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.get_by_text("Jemand anderes aus dem Jugendamt liest den Entwurf")).to_be_visible()
    expect(page.get_by_role("button", name="Freigeben", exact=True)).to_have_count(0)
    fits(page)
    second.goto(page.url)
    second.get_by_role("button", name="Freigeben", exact=True).click()
    expect(second.get_by_text("Freigegeben: Das gilt ab jetzt")).to_be_visible()
    again = backstage(Activity.objects.select_related("current").get, pk=activity.pk)
    assert again.current is not None
    assert again.current.reasons == "Im Mai neu angesehen: Es bleibt dabei."


def answer_a_notice(page: Page, backstage: Backstage) -> None:
    """Decide that a reported text stays, with the reasons both sides read."""
    task = backstage(publish, "Beete gießen", slug="beete-giessen", field="leisure")
    notice = backstage(report_it, task.pk)
    page.goto("/koordination/meldungen/")
    fits(page)
    page.goto(f"/koordination/meldungen/{notice.pk}/")
    page.get_by_role("radio", name="Der Inhalt bleibt").check()
    page.get_by_label("Ihre Gründe").fill("Die Angaben stimmen, Regel 1 der Nutzung.")
    page.get_by_role("button", name="Entscheiden").click()
    expect(page.get_by_text("Entschieden. Beide Seiten bekommen Ihre Gründe.")).to_be_visible()


def report_it(pk: int) -> Notice:
    target = shown_target("task", pk)
    assert target is not None
    file_notice(target, ground="wrong", text="Stimmt das?", email="", client="127.0.0.1", now=timezone.now())
    return Notice.objects.get(about="task", row_id=pk)


def read_the_trail(page: Page) -> None:
    """Find who signed in, and take the lines along."""
    page.goto("/koordination/protokoll/?q=freigabe")
    expect(page.get_by_role("table")).to_contain_text("Otto Muster")
    fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "Otto Muster" in Path(download.value.path()).read_text()


def verify_a_provider(page: Page, backstage: Backstage) -> None:
    """Tick it in the administration once concept and contact are there."""
    provider = backstage(make_provider, "Verein am Rurufer", is_verified=False)
    sign_in(page, OPERATOR)
    page.goto(f"/verwaltung/programs/provider/{provider.pk}/change/")
    page.locator("input[name=is_verified]").check()
    page.locator("input[name=_save]").click()
    expect(page).to_have_url(re.compile(r"/verwaltung/programs/provider/$"))
    assert backstage(Provider.objects.filter(pk=provider.pk, is_verified=True).exists)
