"""The auditor filters the log and takes it out; somebody outside verifies the file, and sees what was changed in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fordel.web.audit import exports, words
from fordel.web.audit.actions import record, seal
from fordel.web.audit.exported import BadExport, verify_file
from fordel.web.audit.models import Event, Seal
from fordel.web.runs.models import FinishedRun
from web.test_api import key_of, read

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
WEB = Path(__file__).parents[2] / "src" / "fordel" / "web"
LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already the 2nd in Denmark


@pytest.fixture
def log(rolled_back: FinishedRun) -> None:
    """Three seals with events of two people, and one that is not sealed yet."""
    for n in range(6):
        who, at = ("Åse", "=SUM(A1)")[n % 2], LATE.replace(day=1 + n)
        record(
            "practice.read" if n < 3 else "drill.made", "practice", f"needle-{n}", by=who, at=at, new={"n": n, "x": 0.1}
        )
        if n % 2:
            seal(at=timezone.now())
    record("drill.made", "practice", "needle-6", by="Åse", at=LATE.replace(day=9), acting_for="chief", ground="asked")


def export(client: Client, **asked: str) -> bytes:
    answer = client.post("/log/eksport/", {"form": "jsonl", **asked})
    assert answer.status_code == 200, unescape(answer.content.decode())
    return bytes(answer.content)


def found_by(client: Client, words: str, n: int) -> bool:
    return f"praksis needle-{n}<" in client.get("/log/", {"q": words}).content.decode()


def test_every_verb_and_kind_that_is_recorded_has_a_name() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in WEB.rglob("*.py"))
    recorded = set(re.findall(r'\brecord\(\s*"([a-z_.]+)", "([a-z]+)"', code))
    works = re.findall(r'^    WHAT, TASK = "([a-z]+)"', code, re.MULTILINE)
    asked = set(re.findall(r'record\(f"\{kind\.WHAT\}\.([a-z_]+)"', code))
    assert len(recorded) > 20
    assert len(works) == 3
    assert len(asked) == 4
    assert {verb for verb, _ in recorded} | {f"{work}.{verb}" for work in works for verb in asked} == set(words.verbs())
    assert {kind for _, kind in recorded} | set(works) == set(words.kinds())


def test_the_log_is_filtered_by_who_what_kind_and_period(signed_in: Callable[[str], Client], log: None) -> None:
    client = signed_in("auditor")

    def shown(**asked: str) -> set[int]:
        page = client.get("/log/", {"q": "needle-", **asked}).content.decode()
        return {n for n in range(7) if f"praksis needle-{n}<" in page}

    assert shown() == set(range(7))
    assert shown(hvem="Åse") == {0, 2, 4, 6}
    assert shown(hvem="chief") == {6}
    assert shown(hvad="practice.read") == {0, 1, 2}
    assert shown(om="practice") == set(range(7))
    assert shown(om="run") == set()
    assert "Praksis vist<br>" in client.get("/log/", {"q": "needle-1"}).content.decode()
    assert "drill.made<br>" in client.get("/log/", {"q": "needle-6"}).content.decode()  # as another version called it
    assert {0, 1, 2} == {n for n in range(7) if found_by(client, "praksis VIST", n)}
    assert shown(fra="2026-03-03", til="2026-03-04") == {1, 2}  # days of Denmark
    wrong = client.get("/log/", {"fra": "2026-03-04", "til": "2026-03-03"}).content.decode()
    assert "slutter, før den begynder" in wrong
    refused = client.post("/log/eksport/", {"form": "csv", "fra": "2026-03-04", "til": "2026-03-03"})
    assert refused.status_code == 422
    told = read("/api/v1/events?words=needle-&kind=practice&what=drill.made&since=2026-03-06", key_of("auditor")).json()
    assert [row["known_as"] for row in told["items"]] == ["needle-6", "needle-5", "needle-4"]


def test_somebody_outside_verifies_the_file_with_the_key_alone(
    signed_in: Callable[[str], Client], log: None, tmp_path: Path
) -> None:
    content = export(signed_in("auditor"), q="needle-", hvem="Åse")
    event = Event.objects.order_by("-id")[0]
    assert (event.what, event.who) == ("audit.exported", "auditor")
    assert event.new is not None
    assert event.new["sha256"] == hashlib.sha256(content).hexdigest()
    assert event.new["filter"] == {"words": "needle-", "who": "Åse"}
    file = tmp_path / "log.jsonl"
    file.write_bytes(content)
    found = verify_file(file, settings.AUDIT_KEY)
    assert (found.events, found.sealed, len(found.seals), found.faults) == (4, 3, 3, [])
    assert found.head == Seal.objects.order_by("-number")[0].fingerprint
    command = [sys.executable, "-m", "fordel.cli", "audit", "verify", "--file", str(file)]
    env = {"FORDEL_AUDIT_KEY": settings.AUDIT_KEY, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [*command, "--seal", found.head], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "4 events, 3 bound by 3 seals" in done.stdout
    assert list(tmp_path.iterdir()) == [file]  # no key is made where there is none
    none = subprocess.run(command, env={"PATH": env["PATH"]}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert none.returncode == 2
    assert "FORDEL_AUDIT_KEY" in none.stderr
    other = subprocess.run([*command, "--seal", "0" * 64], env=env, capture_output=True, text=True, check=False)
    assert other.returncode == 2
    assert "is not in the file" in other.stderr


def events_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["type"] == "event"]


def changed(lines: list[dict[str, Any]], how: str) -> list[dict[str, Any]]:
    """Tamper with an export."""
    seals = [line for line in lines if line["type"] == "seal"]
    if how == "an event is changed":
        events_of(lines)[1]["new"]["n"] = 9
    elif how == "the moment is moved":
        events_of(lines)[1]["at"] = events_of(lines)[1]["at"].replace("T23", "T22")
    elif how == "an event is taken out":
        lines.remove(events_of(lines)[1])
    elif how == "an event is there twice":
        lines.insert(1, events_of(lines)[1])
        lines[0]["events"] += 1
    elif how == "an event says it is sealed":
        events_of(lines)[-1]["seal"] = seals[0]["number"]
    elif how == "an event is forged":
        lines.insert(1, {**events_of(lines)[1], "id": 1, "who": "somebody else"})
        lines[0]["events"] += 1
    elif how == "a seal is taken out":
        lines.remove(seals[1])
        lines[0]["seals"] -= 1
    else:
        seals[1]["of"].pop()
    return lines


TAMPERINGS = (
    *("an event is changed", "the moment is moved", "an event is taken out", "an event is there twice"),
    *("an event says it is sealed", "an event is forged", "a seal is taken out", "a seal binds fewer"),
)


def test_what_is_changed_in_the_file_shows(signed_in: Callable[[str], Client], log: None, tmp_path: Path) -> None:
    content = export(signed_in("auditor"), q="needle-")
    file = tmp_path / "log.jsonl"
    for how in TAMPERINGS:
        lines = changed([json.loads(line) for line in content.splitlines()], how)
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        assert verify_file(file, settings.AUDIT_KEY).faults, how
    file.write_bytes(content)
    assert len(verify_file(file, "another key").faults) == 7 + 3
    for strange in (b"", b"[]\n", b'{"type": "export", "format": 9}\n', b"\x00", content[:-40]):
        file.write_bytes(strange)
        with pytest.raises(BadExport, match="no export of an audit log"):
            verify_file(file, settings.AUDIT_KEY)


def test_the_table_is_safe_to_open(signed_in: Callable[[str], Client], log: None) -> None:
    content = export(signed_in("auditor"), q="needle-", form="csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Nummer", "Tidspunkt", "Hvem"]
    assert [row[2] for row in rows[1:3]] == ["Åse", "'=SUM(A1)"]
    assert json.loads(rows[1][8]) == {"n": 0, "x": 0.1}
    assert len(rows) == 8


def test_more_than_fits_is_refused_with_a_way_out(
    signed_in: Callable[[str], Client], log: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST", 3)
    answer = signed_in("auditor").post("/log/eksport/", {"form": "jsonl", "q": "needle-"})
    assert answer.status_code == 422
    assert "kortere periode" in answer.content.decode()
    assert not Event.objects.filter(what="audit.exported").exists()
