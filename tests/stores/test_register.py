"""A register on disk: added to by one at a time, whole after any cut, and never changed where it was refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fordel.casework.capacity import Event
from fordel.casework.ceilings import Ceiling
from fordel.casework.errors import NotAllowed
from fordel.stores import BadInput
from fordel.stores.register import add_events, read_register

WIDE = Ceiling("0360", frozenset({"0360"}), 100_000, date(2026, 1, 1))
NARROW = Ceiling("0360", frozenset({"0360"}), 1, date(2026, 1, 1))


def release(number: int) -> Event:
    day = date(2026, 2, 1)
    recorded = datetime(2026, 2, 1, 9, 30, 0, number, tzinfo=UTC)
    ground = 'Regionsrådet, sag 12; "ø"'
    return Event(f"e{number}", f"K{number}", "release", day, recorded, "0360", None, None, "Åse", ground)


def test_no_file_is_an_empty_register(tmp_path: Path) -> None:
    assert read_register(tmp_path / "register.csv") == []


def test_what_is_added_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "ny mappe" / "register.csv"
    assert add_events(path, lambda _: [release(1)], [WIDE]) == [release(1)]
    add_events(path, lambda known: [release(len(known) + 1)], [WIDE])
    assert read_register(path) == [release(1), release(2)]
    assert path.read_text(encoding="utf-8").splitlines()[1].startswith("e1,K1,release,2026-02-01,2026-02-01T09:30:00.0")


def test_nothing_added_to_nothing_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    assert add_events(path, lambda _: [], [WIDE]) == []
    assert read_register(path) == []


def test_a_refusal_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    add_events(path, lambda _: [release(1)], [NARROW])
    before = path.read_bytes()
    with pytest.raises(NotAllowed, match="its ceiling is 1"):
        add_events(path, lambda _: [release(2)], [NARROW])
    assert path.read_bytes() == before


def test_a_register_edited_by_hand_is_read_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    add_events(path, lambda _: [release(1), release(2)], [WIDE])
    text = path.read_text(encoding="utf-8").replace("0360", "360", 1).replace("e2,K2,release", "e2,K2,relase")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read_register(path)
    assert [fault.place() for fault in raised.value.faults] == ["row 3, column move", "row 2, column municipality"]


ADD_FOR_EVER = """
import sys
from pathlib import Path
from stores.test_register import WIDE, release
from fordel.stores.register import add_events
print("ready", flush=True)
while True:
    add_events(Path(sys.argv[1]), lambda known: [release(len(known) + 1)], [WIDE])
"""


def adding(path: Path) -> subprocess.Popen[bytes]:
    tests = str(Path(__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": tests}
    writer = subprocess.Popen([sys.executable, "-c", ADD_FOR_EVER, path], stdout=subprocess.PIPE, env=environment)
    assert writer.stdout is not None
    writer.stdout.readline()
    return writer


@pytest.mark.slow
def test_a_kill_in_the_middle_leaves_a_whole_register(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    known = 0
    for wait in (0.2, 0.31, 0.43):
        writer = adding(path)
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        events = read_register(path)
        assert events == [release(number) for number in range(1, len(events) + 1)]
        assert len(events) >= known
        known = len(events)
    assert known
    add_events(path, lambda events: [release(len(events) + 1)], [WIDE])
    assert len(read_register(path)) == known + 1


@pytest.mark.slow
def test_two_writers_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    writers = [adding(path), adding(path)]
    time.sleep(0.6)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
    events = read_register(path)
    assert len(events) > 1
    assert events == [release(number) for number in range(1, len(events) + 1)]
