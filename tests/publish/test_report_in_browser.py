"""The report as a reader meets it: on a phone, on a desk, through a screen reader, on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from fordel.publish.report import write_report
from fordel.runs.record import Run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

PAGES = ("index.html", "en.html", "praksis.html", "practices.html")
WIDTHS = (320, 1440)


@pytest.fixture(scope="module")
def report(demo_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(demo_run, folder)
    return folder


@pytest.fixture(scope="module")
def small_report(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small-report")
    write_report(small_run, folder)
    return folder


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_fetches_nothing_and_is_silent(
    browser: Browser, report: Path, name: str, width: int, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((report / name).as_uri())
    page.screenshot(path=tmp_path / f"{name}-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith("data:")] == [(report / name).as_uri()]
    assert said == []
    page.close()


# axe looks at every cell, so the country's practices would take minutes; the small country's page has the same parts.
AXE = [
    ("small_report", "praksis.html", 320),
    ("small_report", "practices.html", 1440),
    ("report", "index.html", 320),
    ("report", "en.html", 1440),
]


@pytest.mark.parametrize(("country", "name", "width"), AXE)
def test_axe_finds_no_barrier(
    browser: Browser, request: pytest.FixtureRequest, country: str, name: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    folder: Path = request.getfixturevalue(country)
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((folder / name).as_uri())
    page.evaluate("for (const hidden of document.querySelectorAll('details')) hidden.open = true")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert len(found.response["passes"]) > 15
    context.close()


def test_the_keyboard_skips_to_the_content(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    page.goto((report / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.close()


def test_the_language_switch_goes_there_and_back(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    page.goto((report / "praksis.html").as_uri())
    page.click("a.language")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.click("a.language")
    assert page.evaluate("document.documentElement.lang") == "da"
    page.close()


@pytest.mark.parametrize(("name", "fewest", "most"), [("index.html", 8, 24), ("praksis.html", 30, 110)])
def test_a_page_prints_on_a4(browser: Browser, report: Path, name: str, fewest: int, most: int, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto((report / name).as_uri())
    try:
        printed = page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
    except Error as error:
        pytest.fail(f"could not print: {error}")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert fewest <= pages <= most
    sizes = {tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", printed)}
    assert sizes == {(0, 0, 595, 842), (0, 0, 842, 595)}
    page.close()
