"""Fixtures every kind of test may use."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.tables import Tables
from needed import missing
from rich_country import rich_country_tables
from small_country import small_country_tables

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LAW_DATE = date(2026, 2, 1)

# A loaded machine must not fail a test: no deadlines. Where nobody looks on, the same examples each time.
settings.register_profile("fordel", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("fordel")


@pytest.fixture(scope="session")
def small_country() -> Tables:
    """A hand-made country of three regions and seven municipalities."""
    return small_country_tables()


@pytest.fixture(scope="session")
def small_run(small_country: Tables) -> Run:
    """The run of the small country with the law of 1 February 2026."""
    return execute(small_country, day=LAW_DATE)


@pytest.fixture(scope="session")
def rich_country() -> Tables:
    """The same country with every optional table filled."""
    return rich_country_tables()


@pytest.fixture(scope="session")
def rich_run(rich_country: Tables) -> Run:
    """The run of the country with every optional table, with the law of 1 February 2026."""
    return execute(rich_country, day=LAW_DATE)


@pytest.fixture(scope="session")
def demo_tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The whole demo snapshot, made once for all workers."""
    from fordel.demo import make_snapshot
    from fordel.stores import read_snapshot, write_snapshot

    folder = _shared(tmp_path_factory) / "demo-snapshot"
    with _alone(folder):
        if not folder.exists():
            write_snapshot(make_snapshot(), folder)
    return read_snapshot(folder)


@pytest.fixture(scope="session")
def demo_run(demo_tables: Tables) -> Run:
    """The run of the demo snapshot with the law of 1 February 2026."""
    return execute(demo_tables, day=LAW_DATE)


def _shared(factory: pytest.TempPathFactory) -> Path:
    """Give the temporary folder that all workers of one test session share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one worker at a time make a folder."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser of the machine's own, without a window."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        missing(f"No browser on PATH: looked for {', '.join(BROWSERS)}. On Debian: apt-get install chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
