"""The keyboard alone: from sign-in to a search for places at both widths, the focus always seen and never stuck."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from fordel.web.jobs.models import Job
from fordel.web.placement.models import Search
from web.conftest import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web-browser")]

WIDTHS = (320, 1440)
MOST_STOPS = 90
# How everything that can have the focus looks without it, found before it comes to it.
PLAIN = """() => {
  window.drawn = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return [outlined ? style.outline : "", style.boxShadow].join("|");
  };
  window.plain ??= new Map();
  document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]").forEach((element) => {
    if (window.plain.has(element)) return;
    const look = () => window.plain.set(element, window.drawn(element));
    if (element !== document.activeElement) look();
    else element.addEventListener("blur", () => setTimeout(look), { once: true });
  });
}"""
# Whether one sees what has the focus: it looks otherwise than without, lies in the window, and nothing lies over it.
LOOK = """() => {
  const here = document.activeElement;
  if (here === document.body) return null;
  const box = here.getBoundingClientRect();
  const there = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + box.height / 2);
  return {
    seen: box.width > 0 && window.plain.has(here) && window.drawn(here) !== window.plain.get(here),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: there !== null && !here.contains(there) && !there.contains(here),
    what: here.outerHTML.slice(0, 120),
    href: here.getAttribute("href") || "",
    id: here.id,
    button: here.tagName === "BUTTON" ? (here.closest("form")?.getAttribute("action") || "") + here.name : null,
  };
}"""


@pytest.fixture(autouse=True)
def _clean(site: str) -> Iterator[None]:
    yield
    Search.objects.all().delete()
    Job.objects.all().delete()


class Keys:
    """Somebody without a mouse."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site

    def tab(self, *, back: bool = False) -> dict[str, object] | None:
        """Go to the next stop; it must be seen to have the focus."""
        self.page.evaluate(PLAIN)
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        stop: dict[str, object] | None = self.page.evaluate(LOOK)
        if stop is not None:
            assert stop["seen"], f"the focus is not seen: {stop['what']}"
            assert stop["inside"], f"the focus is out of the window: {stop['what']}"
            assert not stop["covered"], f"something lies over the focus: {stop['what']}"
        return stop

    def to(self, *, href: str = "", id: str = "", button: str | None = None) -> None:  # noqa: A002
        """Go on to a link, a field or the button of a form."""
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if stop is None:
                continue
            if (
                (href and re.fullmatch(href, str(stop["href"])))
                or (id and stop["id"] == id)
                or (button is not None and stop["button"] == button)
            ):
                return
        raise AssertionError(f"Tab does not come to {href or id or button}")

    def press(self, key: str, address: str) -> None:
        """Press a key and wait for the page it leads to."""
        self.page.keyboard.press(key)
        self.page.wait_for_url(re.compile(re.escape(self.site) + address))

    def skip(self) -> None:
        """Go past the menu: the first stop of a page."""
        stop = self.tab()
        assert stop is not None
        assert stop["href"] == "#content", stop["what"]
        self.page.keyboard.press("Enter")

    def sign_in(self, address: str) -> None:
        """Sign in as the planner, and come to an address."""
        self.to(id="id_username")
        self.page.keyboard.type("planner")
        self.tab()
        self.page.keyboard.type(PASSWORD)
        self.press("Enter", address)

    def around(self) -> int:
        """Go through a page to its end, and a little back: nothing holds the focus. Gives how many stops there are."""
        stops: list[str] = []
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if stop is None:
                break
            stops.append(str(stop["what"]))
        assert len(stops) < MOST_STOPS, f"the focus never leaves the page: {stops[-3:]}"
        assert self.tab(back=True) is not None
        return len(stops)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_planner_needs_no_mouse(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="da-DK")
    page = context.new_page()
    page.goto(f"{site}/praksis/")
    keys = Keys(page, site)
    keys.sign_in(r"/praksis/$")
    assert keys.around() > 15
    page.reload()
    keys.skip()
    keys.to(id="id_q")
    page.keyboard.type("e")
    keys.press("Enter", r"/praksis/\?q=e&.*#content$")  # one stays at the content
    keys.to(href=r"/praksis/\d{6}/")
    keys.press("Enter", r"/praksis/\d{6}/$")
    keys.skip()
    page.keyboard.press("Tab")
    keys.around()
    page.goto(f"{site}/")
    keys.to(href="/placering/")
    keys.press("Enter", "/placering/$")
    keys.skip()
    keys.to(href="/placering/ny/")
    keys.press("Enter", "/placering/ny/$")
    keys.skip()
    keys.to(id="id_capacities")
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    keys.to(button="/placering/ny/ask")
    keys.press("Space", r"/placering/\d+/$")
    keys.skip()
    number = page.url.split("/")[-2]
    keys.to(button=f"/placering/{number}/annuller/")
    page.keyboard.press("Space")
    page.wait_for_selector("text=annulleret")
    assert Search.objects.get(pk=number).capacities == 12
    keys.to(button="/konto/log-ud/")
    keys.press("Enter", "/konto/log-ind/$")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_before_sign_in_and_of_errors_have_no_barrier(
    browser: Browser, site: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    named = {"issuer": "http://127.0.0.1:9", "client_id": "x", "secret": "x", "name": "Regionens login"}
    monkeypatch.setattr(settings, "OIDC", settings.OIDC | named)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="da-DK")
    page = context.new_page()

    def look() -> str:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        return page.inner_text("main")

    page.goto(f"{site}/konto/log-ind/")
    assert "Log ind med Regionens login" in look()
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "x")
    page.click("main form button")
    assert "passer ikke sammen" in look()
    page.goto(f"{site}/konto/ekstern/")
    assert "svarer ikke" in look()
    page.goto(f"{site}/om/tilgaengelighed/")
    look()
    page.goto(f"{site}/konto/log-ind/")
    context.clear_cookies(name="csrftoken")
    page.evaluate("() => HTMLFormElement.prototype.submit.call(document.querySelector('main form'))")
    page.wait_for_selector("h1:has-text('Formularen passer ikke')")
    look()
    context.close()
