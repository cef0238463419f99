"""Kill -9 of pages, worker, database and all, while people work: what was acknowledged is there, the chain verifies.

Five kills each time; FORDEL_KILLS=50 makes it fifty.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from fordel.stores import write_snapshot
from fordel.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web-killed")]

KILLS = int(os.environ.get("FORDEL_KILLS", "5"))
PATIENCE = 120.0  # seconds
PASSWORD = "a-long-enough-password"  # noqa: S105 - good in this test alone
TARGETS = ("page", "pages", "worker", "database", "all")

TAKE_IN = """
from datetime import date
from pathlib import Path
from fordel.cli._web import migrate, open_home
home = Path({home!r})
open_home(home)
migrate()
from django.utils import timezone
from fordel.stores import read_snapshot
from fordel.web.accounts import actions
from fordel.web.runs.actions import add_snapshot
now, tables = timezone.now(), read_snapshot(home / "snapshot")
add_snapshot(fingerprint=tables.fingerprint, name=tables.name, day=tables.snapshot_date, synthetic=True,
             folder=home / "snapshot", by="test", at=now)
actions.make(username="analyst", password={password!r}, role="analyst", area_id="", name="A", by="test", at=now)
"""
LOOK = """
from pathlib import Path
from fordel.cli._web import open_home
open_home(Path({home!r}))
from fordel.web.audit.models import Event
from fordel.web.audit.queries import verify
from fordel.web.jobs.models import Job
import json
print(json.dumps({{
    "jobs": list(Job.objects.values_list("pk", flat=True)),
    "waiting": Job.objects.filter(ended_at__isnull=True).count(),
    "failed": list(Job.objects.filter(state="failed").values_list("says", flat=True)),
    "asked": [int(n) for n in Event.objects.filter(what="job.asked").values_list("known_as", flat=True)],
    "done": [int(n) for n in Event.objects.filter(what="job.done").values_list("known_as", flat=True)],
    "faults": verify().faults,
}}))
"""


def python(program: str, home: Path) -> str:
    """Run a program on the installation."""
    code = program.format(home=str(home), password=PASSWORD)
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FORDEL", "DATABASE", "DJANGO"))}
    return kept | {"FORDEL_HTTPS": "0", "FORDEL_REQUIRE_SECOND_STEP": "0"}


class Installation:
    """An installation that is started anew whenever it has ended, as a service manager does."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        words = ["serve", "--home", str(self.home), "--port", str(self.port), "--web", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fordel.cli", *words],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, HTTPException):
                urllib.request.build_opener().open(f"{self.url}/readyz", timeout=5).close()
                return
            if self.process.poll() is not None:
                self.start()
                return
            time.sleep(0.2)
        pytest.fail("the installation does not come up")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self, target: str) -> None:
        """Kill what is named, and see to it that the installation is up again."""
        for process in self.chosen(target):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if target == "page":  # gunicorn starts another by itself
            self.wait_until_ready()
            return
        self.process.wait(PATIENCE)
        self.start()

    def chosen(self, target: str) -> list[psutil.Process]:
        own = psutil.Process(self.process.pid)
        if target == "all":
            return [own]
        if target == "database":
            first = (self.home / "database/postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
            return [psutil.Process(int(first))]
        word = "worker" if target == "worker" else "gunicorn"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:  # pages answer before the worker is there
            for child in own.children():
                if word in child.cmdline() and (target != "page" or child.children()):
                    return child.children()[:1] if target == "page" else [child]
            time.sleep(0.1)
        pytest.fail(f"no {target} runs")


class Officer(threading.Thread):
    """Somebody who asks for one run after another, and notes which were acknowledged."""

    def __init__(self, url: str, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.number, self.stop = url, number, stop
        self.acknowledged: list[int] = []
        self.refused: list[str] = []
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.ask()
            except urllib.error.HTTPError as error:
                # Django answers 400 when the database goes while it saves the session.
                if error.code < 500 and error.code != 400:
                    self.refused.append(f"{error.code} {error.url}")
            except (OSError, HTTPException, StopIteration):
                pass  # nothing was acknowledged
            time.sleep(0.3)

    def ask(self) -> None:
        page = self.get("/opgaver/")
        if 'name="password"' in page:
            self.post("/konto/log-ind/", page, username="analyst", password=PASSWORD)
            page = self.get("/opgaver/")
        snapshot = next(re.finditer(r'<option value="([0-9a-f]{64})"', page)).group(1)
        day = f"2026-{1 + len(self.acknowledged) % 6:02}-{1 + self.number:02}"
        landed = self.post("/opgaver/ny/", page, snapshot=snapshot, law_date=day, total="")
        if found := re.search(r"/(\d+)/$", landed):
            self.acknowledged.append(int(found.group(1)))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        token = next(re.finditer(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)).group(1)
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        with self.opener.open(self.url + path, data, timeout=20) as answer:
            return str(answer.geturl())


@contextmanager
def officers(url: str, count: int) -> Iterator[list[Officer]]:
    stop = threading.Event()
    working = [Officer(url, number, stop) for number in range(count)]
    for officer in working:
        officer.start()
    try:
        yield working
    finally:
        stop.set()
        for officer in working:
            officer.join(60)


def test_what_was_acknowledged_survives_every_kill(small_country: Tables, tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_snapshot(small_country, home / "snapshot")
    python(TAKE_IN, home)
    installation = Installation(home)
    chance = random.Random(7)
    with officers(installation.url, 3) as working:
        for number in range(KILLS):
            before = sum(len(officer.acknowledged) for officer in working)
            end = time.monotonic() + PATIENCE
            while sum(len(officer.acknowledged) for officer in working) < before + 3:
                assert time.monotonic() < end, "nobody gets anything done"
                time.sleep(0.05)
            time.sleep(chance.random())
            installation.kill(TARGETS[number % len(TARGETS)])
    acknowledged = [job for officer in working for job in officer.acknowledged]
    assert [officer.refused for officer in working] == [[], [], []]
    found = until_nothing_waits(installation)
    installation.process.terminate()
    installation.process.wait(60)
    assert len(acknowledged) >= 3 * KILLS
    assert set(acknowledged) <= set(found["jobs"])
    assert sorted(found["asked"]) == sorted(found["jobs"])
    assert sorted(found["done"]) == sorted(found["jobs"])
    assert found["failed"] == []
    assert found["faults"] == []


def until_nothing_waits(installation: Installation) -> dict[str, Any]:
    """Let the worker finish, while it gets anything done, and give what the database holds."""
    end, fewest = time.monotonic() + PATIENCE, sys.maxsize
    while time.monotonic() < end:
        found: dict[str, Any] = json.loads(python(LOOK, installation.home))
        if not found["waiting"]:
            return found
        if found["waiting"] < fewest:
            end, fewest = time.monotonic() + PATIENCE, found["waiting"]
        time.sleep(2)
    pytest.fail(f"{found['waiting']} jobs still wait")
