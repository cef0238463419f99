"""The model card in a browser: it fits a narrow and a wide window, fetches nothing, and axe finds no barrier."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from need_step.conftest import NeedStep

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(("name", "width"), [("index.html", 320), ("en.html", 1440)])
def test_the_card_fits_and_axe_finds_no_barrier(
    browser: Browser, need_step: NeedStep, name: str, width: int, tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    address = (need_step.folder / "card" / name).as_uri()
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.evaluate("for (const hidden of document.querySelectorAll('details')) hidden.open = true")
    page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert said == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert len(found.response["passes"]) > 10
    context.close()
