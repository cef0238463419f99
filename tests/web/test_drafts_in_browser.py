"""A session that ends while somebody types, in a real browser: told beforehand, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fordel.web.drafts.models import Draft
from fordel.web.jobs.models import Job
from fordel.web.placement.models import Search
from fordel.web.runs.models import FinishedRun
from web.conftest import PASSWORD, context_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web-browser")]


@pytest.fixture(autouse=True)
def _clean(site: str) -> Iterator[None]:
    yield
    for model in (Draft, Search, Job):
        model.objects.all().delete()


def session_of(context: BrowserContext) -> Session:
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    return Session.objects.get(pk=cookies[settings.SESSION_COOKIE_NAME])


def end(context: BrowserContext) -> None:
    """Let half an hour pass: the row is old, and the browser has let go of its cookie."""
    Session.objects.filter(pk=session_of(context).pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def sign_in(page: Page, username: str) -> None:
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("main form button")


@pytest.mark.parametrize("script", [True, False])
def test_a_form_sent_too_late_is_there_again_for_the_same_person_alone(
    browser: Browser, site: str, finished: FinishedRun, *, script: bool
) -> None:
    context = context_of(browser, site, "planner", 320, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{site}/placering/ny/")
    page.fill("#id_capacities", "37")
    page.select_option("#id_seconds", "300")
    end(context)
    page.click("button[name=ask]")
    page.wait_for_url(re.compile("/konto/log-ind/"))
    sign_in(page, "analyst")
    page.wait_for_url(f"{site}/placering/ny/")
    assert page.input_value("#id_capacities") == "20"
    assert page.locator(".alert-info").count() == 0
    page.click("header form[action='/konto/log-ud/'] button")
    sign_in(page, "planner")
    page.wait_for_url(f"{site}/")
    page.click(".alert-info a")
    page.wait_for_url(f"{site}/placering/ny/")
    assert (page.input_value("#id_capacities"), page.input_value("#id_seconds")) == ("37", "300")
    if script:
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

        page.evaluate("() => document.querySelectorAll('.session-note').forEach((note) => { note.hidden = false })")
        assert Axe().run(page).violations_count == 0
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.click("button[name=ask]")
    page.wait_for_url(re.compile(r"/placering/\d+/"))
    assert Search.objects.get(asked_by="planner").capacities == 37
    assert Draft.objects.count() == 0
    context.close()


def test_the_end_is_told_five_minutes_before_and_can_be_put_off(browser: Browser, site: str) -> None:
    context = context_of(browser, site, "planner")
    page = context.new_page()
    page.clock.install()
    page.goto(f"{site}/placering/")
    page.clock.fast_forward("24:00")
    expect(page.locator("#session-soon")).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(page.locator("#session-soon")).to_be_visible()
    with page.expect_response("**/konto/bliv/") as answer:
        page.click("#session-stay")
    assert answer.value.status == 204
    expect(page.locator("#session-soon")).to_be_hidden()
    page.clock.fast_forward("31:00")
    expect(page.locator("#session-over")).to_be_visible()
    expect(page.locator("#session-over")).to_contain_text("bliver gemt til dig")
    context.close()


def test_a_page_that_follows_a_job_keeps_no_session_alive(browser: Browser, site: str, finished: FinishedRun) -> None:
    context = context_of(browser, site, "planner")
    page = context.new_page()
    page.goto(f"{site}/opgaver/")
    page.click("main form button")
    page.wait_for_url(re.compile(r"/opgaver/\d+/"))
    soon = timezone.now() + timedelta(minutes=3)
    Session.objects.filter(pk=session_of(context).pk).update(expire_date=soon)
    with page.expect_response(re.compile(r"/opgaver/\d+/")) as answer:
        pass
    assert answer.value.request.headers["fordel-poll"] == "1"
    assert session_of(context).expire_date == soon
    end(context)
    page.wait_for_url(re.compile(r"/konto/log-ind/\?next=/opgaver/\d+/"))
    context.close()
