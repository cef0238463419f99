"""The pages in a browser: each in each role at two widths, with axe; the keyboard; nothing from elsewhere."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page

from fordel.web.runs.models import FinishedRun
from web.conftest import context_of
from web.matrix import EVERYBODY, MATRIX
from web.test_addresses import real

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web-browser")]

WIDTHS = (320, 1440)
# No pages; and the report, which tests/publish looks at.
OTHERWISE = ("healthz", "readyz", "runs:report", "coverage:map", "coverage:csv", "imports:example")
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
        page.goto(site + reverse(name, kwargs=values or None))
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


def photograph(page: Page, name: str, width: int) -> None:
    """Keep what the page looks like, small, for the documentation."""
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    path = Path(SCREENSHOTS) / f"{name.replace(':', '-')}-{width}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=48).save(path, optimize=True)


def barriers_are_none(page: Page, name: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    page.evaluate("() => document.querySelectorAll('details').forEach((hidden) => { hidden.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name} at {width} px\n{found.generate_report()}"


def test_the_keyboard_alone_signs_in_and_reaches_a_practice(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="da-DK")
    page.goto(f"{site}/praksis/")
    page.keyboard.press("Shift+Tab")
    page.focus("#id_username")
    for key in ("planner", "Tab", "a-long-enough-password"):
        page.keyboard.press(key) if key == "Tab" else page.keyboard.type(key)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/praksis/")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if re.fullmatch(r"/praksis/\d{6}/", str(page.evaluate("() => document.activeElement.getAttribute('href')"))):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/praksis/\d{6}/$"))
    page.close()


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
