"""What each role comes for, walked from sign-in to sign-out by what stands on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from fordel.web.accounts.models import User
from fordel.web.jobs.models import Job
from web.conftest import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web-browser")]
MENUS = {
    "planner": 10,
    "politician": 7,
    "analyst": 10,
    "auditor": 11,
    "administrator": 11,
}


@pytest.fixture(autouse=True)
def _clean(site: str) -> Iterator[None]:
    yield
    Job.objects.all().delete()
    User.objects.filter(username="ny").delete()


def menu(page: Page, entry: str) -> None:
    page.locator("nav.menu").get_by_role("link", name=entry, exact=True).click()


def why_a_number(page: Page) -> None:
    """Find a practice among the own ones, and open what its number rests on."""
    menu(page, "Praksis")
    page.select_option("#id_tilgang", "aaben")
    page.locator("form[role=search] button").click()
    page.locator("table th[scope=row] a").first.click()
    page.locator(".tree summary").first.click()
    expect(page.locator(".tree details[open] > p").first).to_be_visible()


def planner(page: Page) -> None:
    why_a_number(page)
    page.get_by_role("link", name="Hvad hvis en praksis lukker").click()
    expect(page.get_by_role("heading", name="Hvis der lukkes")).to_be_visible()
    menu(page, "Områder")
    page.get_by_role("link", name="København", exact=True).click()
    expect(page.get_by_role("heading", name="Nøgletal")).to_be_visible()
    menu(page, "Opgaver")
    page.locator("main form button").first.click()
    expect(page.locator("#progress")).to_contain_text("venter")
    page.get_by_role("button", name="Annull").click()
    expect(page.locator("#progress")).to_contain_text("annulleret")


def politician(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Sådan står")).click()
    expect(page.get_by_role("heading", name="Nøgletal")).to_be_visible()
    menu(page, "Lægedækning")
    expect(page.locator("#live-map canvas").first).to_be_visible()
    why_a_number(page)
    menu(page, "Kørsler")
    page.get_by_role("link", name="Sammenlign to kørsler").click()
    expect(page.get_by_role("heading", name="Sammenlign to kørsler")).to_be_visible()
    menu(page, "Lovbog")
    page.locator("main table a").first.click()
    expect(page.locator("main")).to_contain_text("Kilde")


def analyst(page: Page) -> None:
    menu(page, "Kørsler")
    page.locator("main table a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Datapakke")).first.click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("button", name="Beregn igen").click()
    expect(page.locator("#progress")).to_contain_text("venter")
    menu(page, "Import")
    expect(page.locator("input[type=file]").first).to_be_visible()


def auditor(page: Page) -> None:
    why_a_number(page)
    menu(page, "Opgaver")
    assert page.locator("main form").count() == 0  # reads, and changes nothing
    menu(page, "Hændelseslog")
    expect(page.locator("main table")).to_contain_text("auditor")
    with page.expect_download() as download:
        page.locator("button[value=jsonl]").click()
    assert download.value.suggested_filename.endswith(".jsonl")


def administrator(page: Page) -> None:
    menu(page, "Brugere")
    page.locator("main a.button-primary").click()
    for field, value in (("username", "ny"), ("name", "Ny Planlægger"), ("ground", "ansat")):
        page.locator(f"main [name={field}]").fill(value)
    page.select_option("main [name=role]", "auditor")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#one-time-password")).to_be_visible()


@pytest.mark.parametrize("walk", [planner, politician, analyst, auditor, administrator])
def test_a_role_walks_its_main_path(browser: Browser, site: str, walk: Callable[[Page], None]) -> None:
    role = walk.__name__
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="da-DK", accept_downloads=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site}/")
    page.fill("#id_username", role)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Årets kalender")).to_be_visible()
    assert page.locator("nav.menu a").count() == MENUS[role]
    walk(page)
    page.get_by_role("button", name="Log ud").click()
    expect(page.locator("#id_username")).to_be_visible()
    assert said == []
    context.close()
