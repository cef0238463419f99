"""The audit log cannot be changed, and what gets past the database shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from fordel.web.audit.actions import record, seal
from fordel.web.audit.models import Event, Seal, Sealed
from fordel.web.audit.queries import verify
from fordel.web.jobs import actions as jobs
from fordel.web.jobs import doing
from fordel.web.jobs.models import Job
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
REFUSED = (InternalError, ProgrammingError)


def three_seals() -> None:
    for round_ in range(3):
        for n in range(4):
            record("test.done", "test", f"{round_}-{n}", by="æøå", at=timezone.now(), new={"n": n})
        seal(at=timezone.now())
    run("SET CONSTRAINTS ALL IMMEDIATE")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", [Event, Seal, Sealed])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET {} = {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses(table: type[Event], verb: str, rolled_back: FinishedRun) -> None:
    three_seals()
    key = table._meta.pk.column
    with pytest.raises(REFUSED, match="only added to"), transaction.atomic():
        run(verb.format(table._meta.db_table, key, key))


def test_a_whole_log_verifies(rolled_back: FinishedRun) -> None:
    three_seals()
    record("test.loose", "test", "1", by="x", at=timezone.now())
    found = verify()
    assert found.faults == ()
    assert found.events == found.sealed + 1
    assert found.head == Seal.objects.order_by("-number")[0].fingerprint


TAMPERINGS = {
    "an event is changed": "UPDATE audit_event SET who = 'somebody else' WHERE known_as = '1-2'",
    "what changed is changed": "UPDATE audit_event SET new = '{{\"n\": 9}}' WHERE known_as = '1-2'",
    "the moment is moved": "UPDATE audit_event SET at = at - interval '1 hour' WHERE known_as = '0-0'",
    "an event is taken out": (
        "DELETE FROM audit_sealed USING audit_event WHERE event_id = id AND known_as = '1-2';"
        "DELETE FROM audit_event WHERE known_as = '1-2'"
    ),
    "the last seal is taken out with its events": (
        "CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT event_id FROM audit_sealed WHERE seal_id = {second};"
        "DELETE FROM audit_sealed WHERE seal_id = {second}; DELETE FROM audit_seal WHERE number = {second};"
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM gone)"
    ),
    "an event moves to another seal": (
        "UPDATE audit_sealed SET seal_id = {second} FROM audit_event WHERE event_id = id AND known_as = '2-0'"
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_what_gets_past_the_database_shows(how: str, rolled_back: FinishedRun) -> None:
    three_seals()
    second = Seal.objects.order_by("-number")[1].number
    for table in (Event, Seal, Sealed):
        run(f"ALTER TABLE {table._meta.db_table} DISABLE TRIGGER USER")
    run(TAMPERINGS[how].format(second=second))
    assert verify().faults


def test_an_act_that_fails_leaves_neither_event_nor_trace(
    rolled_back: FinishedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(job: Job) -> None:
        raise ConnectionError

    monkeypatch.setattr(doing, "enqueue", fail)
    before = Event.objects.count(), Job.objects.count()
    with pytest.raises(ConnectionError):
        jobs.ask(snapshot=rolled_back.snapshot, law_date=date(2026, 2, 1), total=None, by="x", at=timezone.now())
    assert (Event.objects.count(), Job.objects.count()) == before


def test_reading_a_practice_is_recorded(signed_in: Callable[[str], Client], rolled_back: FinishedRun) -> None:
    practice = tables_of(rolled_back.folder).practices["practice_id"][0]
    assert signed_in("analyst").get(f"/praksis/{practice}/").status_code == 200
    event = Event.objects.order_by("-id")[0]
    assert (event.what, event.known_as, event.who) == ("practice.read", practice, "analyst")


def test_the_auditor_searches_the_log(signed_in: Callable[[str], Client]) -> None:
    record("test.done", "test", "needle-in-it", by="x", at=timezone.now())
    page = signed_in("auditor").get("/log/", {"q": "needle-in"}).content.decode()
    assert page.count("needle-in-it") == 1
    assert "Ingen hændelser" in signed_in("auditor").get("/log/", {"q": "no such words"}).content.decode()
