"""The pages in a browser: each in each role at two widths, with axe; the keyboard; nothing from elsewhere."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from fordel.runs.compare import Recipe, waterfall
from fordel.runs.record import write_run
from fordel.runs.waterfalls import write_waterfall
from fordel.tables import Tables
from fordel.web.comparisons.models import Comparison
from fordel.web.runs.actions import add_run
from fordel.web.runs.models import FinishedRun
from web.conftest import context_of
from web.matrix import EVERYBODY, MATRIX
from web.test_addresses import real

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web-browser")]

WIDTHS = (320, 1440)
# For programs; and the report, which tests/publish looks at.
OTHERWISE = ("healthz", "readyz", "runs:report")
PAGES = (name for name in MATRIX if name not in OTHERWISE and not name.startswith("api:"))
READ = [name for name in PAGES if not MATRIX[name].post and MATRIX[name].answers == 200]
SCREENSHOTS = os.environ.get("FORDEL_SCREENSHOTS", "")  # a folder; `make screenshots` names it
KEPT: set[str] = set()  # the content axe has looked at, in whichever role


def listening(page: Page, site: str) -> list[str]:
    """Give what the page says on its console, and what it asks others for."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((site, "data:")) else said.append(request.url))
    return said


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_pages_fit_are_silent_and_have_no_barrier(
    browser: Browser, site: str, finished: FinishedRun, role: str
) -> None:
    context = context_of(browser, site, role)
    page = context.new_page()
    said = listening(page, site)
    for name in (name for name in READ if role in MATRIX[name].may):
        values = real(MATRIX[name].own, finished)
        address = site + reverse(name, kwargs=values or None)
        if "html" not in context.request.get(address).headers["content-type"]:
            continue  # a file
        page.goto(address)
        content = re.sub(r'value="[^"]{32,}"|\d+', "", page.inner_html("main"))
        known = content in KEPT and name != "overview:overview"  # the menu differs, which is on that page, too
        KEPT.add(content)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width, (name, width)
            if SCREENSHOTS and role == photographer(name) and name != "accounts:second-step-set-up":  # it shows a key
                photograph(page, name, width)
            if not known:
                barriers_are_none(page, name, width)
        assert said == [], name
    context.close()


def photographer(name: str) -> str:
    """In whose role a page is photographed."""
    return "analyst" if "analyst" in MATRIX[name].may else "administrator"


@pytest.fixture
def waterfall_page(finished: FinishedRun, small_country: Tables) -> Iterator[str]:
    """The page of a comparison whose causes are known, from a run made before the law of February 2026."""
    start, end = (Recipe(small_country, day) for day in (date(2026, 1, 31), finished.law_date))
    then, folder = datetime(2020, 1, 1, tzinfo=UTC), settings.HOME / "runs" / "older"  # so that it is not the newest
    older = add_run(start.run, write_run(start.run, folder), by="test", at=then)
    made = Comparison.objects.create(
        before=older, after=finished, state="done", asked_by="test", asked_at=then, ended_at=then
    )
    write_waterfall(waterfall(start, end), settings.HOME / made.folder, before=older.pk, after=finished.pk)
    yield f"{reverse('comparisons:compare')}?fra={older.pk}&til={finished.pk}&niveau=practice"
    made.delete()
    older.delete()


def test_a_waterfall_fits_is_silent_and_has_no_barrier(browser: Browser, site: str, waterfall_page: str) -> None:
    context = context_of(browser, site, "planner")
    page = context.new_page()
    said = listening(page, site)
    page.goto(site + waterfall_page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        barriers_are_none(page, "waterfall", width)
        if SCREENSHOTS:
            photograph(page, "comparisons:waterfall", width)
    assert said == []
    assert page.get_by_role("img", name=re.compile("Før .*; Regler .*; Efter")).count() == 1
    context.close()


def photograph(page: Page, name: str, width: int) -> None:
    """Keep what the page looks like, small, for the documentation."""
    page.wait_for_load_state("networkidle")  # the map in the browser comes last
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    path = Path(SCREENSHOTS) / f"{name.replace(':', '-')}-{width}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=48).save(path, optimize=True)


def barriers_are_none(page: Page, name: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    page.evaluate("() => document.querySelectorAll('details').forEach((hidden) => { hidden.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name} at {width} px\n{found.generate_report()}"


def test_a_click_on_the_map_tries_closing_and_opening(browser: Browser, site: str) -> None:
    context = context_of(browser, site, "analyst")
    page = context.new_page()
    said = listening(page, site)
    page.goto(f"{site}/daekning/hvis/")
    page.wait_for_selector("#live-map canvas")
    find_on_map(page, "practices", "Prøv at lukke").click()
    page.wait_for_selector("#answer h2 >> text='Hvis der lukkes'")
    page.wait_for_selector(".leaflet-popup", state="detached")
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(400)  # it glides
    find_on_map(page, "settlements", "Prøv at åbne her").click()
    page.wait_for_selector("#answer h2 >> text='Hvis der lukkes og åbnes'")
    assert "lukket=" in page.url
    assert "ny=" in page.url
    assert said == []
    context.close()


def find_on_map(page: Page, what: str, words: str) -> Locator:
    """Click on the practices or the settlements of the map, one after another, until a bubble offers it."""
    page.locator("#live-map").scroll_into_view_if_needed()
    places = page.request.get(page.url.partition("/daekning")[0] + "/daekning/kort.json").json()
    grid, on_screen = places["grid"], page.locator("#live-map img.cells").bounding_box()
    box = page.locator("#live-map").bounding_box()
    assert box is not None
    assert on_screen is not None
    for _, _, east, north, *_ in places[what]:
        x = on_screen["x"] + (east - grid["west"]) / (grid["east"] - grid["west"]) * on_screen["width"]
        y = on_screen["y"] + (grid["north"] - north) / (grid["north"] - grid["south"]) * on_screen["height"]
        inside = box["x"] + 70 < x < box["x"] + box["width"] - 20 and box["y"] + 20 < y < box["y"] + box["height"] - 20
        if inside and y < page.viewport_size["height"]:  # type: ignore[index]
            page.mouse.click(x, y)
            offered = page.locator(".leaflet-popup a.button", has_text=words)
            if offered.count():
                return offered
    raise AssertionError(words)


MOST_PARTS = 10  # municipalities of the largest health council, Sundhedsråd Fyn
# The small country's councils are small, so their tables are made as long as one may be; municipalities have none.
AS_LONG_AS_ANY = """(most) => {
  const table = document.querySelector("main tbody");
  while (table && table.rows.length < most) table.append(table.rows[0].cloneNode(true));
}"""


@pytest.mark.parametrize("area_id", ["0101", "sundhedsraad-hovedstaden"])
def test_an_area_prints_on_one_sheet_of_a4(browser: Browser, site: str, area_id: str) -> None:
    context = context_of(browser, site, "analyst")
    page = context.new_page()
    page.goto(f"{site}/omraader/{area_id}/")
    page.wait_for_function("() => [...document.images].every((one) => one.complete)")
    page.evaluate(AS_LONG_AS_ANY, MOST_PARTS)
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))
    assert len(pages) == 1
    context.close()


def test_every_page_works_without_script(browser: Browser, site: str) -> None:
    context = context_of(browser, site, "analyst", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/praksis/")
    page.select_option("#id_tilgang", "aaben")
    page.click("form[role=search] button")
    assert "tilgang=aaben" in page.url
    page.goto(f"{site}/opgaver/")
    page.click("main form button")
    assert "/opgaver/" in page.url
    assert "venter" in page.inner_text("#progress")
    page.click("#progress button")
    assert "annulleret" in page.inner_text("#progress")
    context.close()
