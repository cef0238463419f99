"""All that a worker does goes by one mechanism: the same states, moves, reasons and times, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from fordel.web.audit.models import Event
from fordel.web.comparisons.models import Comparison
from fordel.web.imports.models import Import
from fordel.web.jobs import doing
from fordel.web.jobs.models import Job
from fordel.web.jobs.work import OVER, State, Work
from fordel.web.placement import actions
from fordel.web.placement.models import Search
from fordel.web.runs.models import FinishedRun
from fordel.worker import searches

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
KINDS: tuple[type[Work], ...] = (Job, Search, Comparison)


def a_search(finished: FinishedRun, region: str = "region-hovedstaden") -> Search:
    now = timezone.now()
    return actions.ask(finished, region=region, capacities=1, sites=None, seconds=10, by="test", at=now)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_work_has_the_same_states_and_says_why(kind: type[Work]) -> None:
    fields = {field.name for field in kind._meta.get_fields()}
    assert fields >= {"state", "says", "says_dansk", "attempts", "asked_at", "asked_by", "begun_at", "ended_at"}
    names = {constraint.name for constraint in kind._meta.constraints}
    assert {f"a_{kind.WHAT}_has_a_known_state", f"a_{kind.WHAT}_has_an_end_when_it_is_over"} <= names
    assert kind.MOVES.keys() == set(State)
    assert all(State.WAITING in kind.MOVES[state] for state in (State.FAILED, State.CANCELLED))


def test_an_import_moves_by_the_same_verb(rolled_back: FinishedRun) -> None:
    base, now = rolled_back.snapshot, timezone.now()
    made = Import.objects.create(base=base, state="ready", made_at=now, made_by="test")
    assert doing.moved(Import, made.pk, "saving").state == "saving"
    with pytest.raises(doing.WrongState, match=r"import \d+ is ready; it cannot become undone"):
        doing.moved(Import, made.pk, "undone")


def test_a_search_that_could_not_be_answered_is_asked_again(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    client, search = signed_in("analyst"), a_search(rolled_back, "nowhere")
    searches.search_places(search_id=search.pk)
    search.refresh_from_db()
    assert (search.state, search.attempts, search.over) == (State.FAILED, 1, True)
    page = unescape(client.get(f"/placering/{search.pk}/").content.decode())
    assert "Grunden findes kun på engelsk" in page
    assert 'lang="en">No municipality lies in a region' in page
    Search.objects.filter(pk=search.pk).update(region="region-hovedstaden", capacities=0)
    assert client.post(f"/placering/{search.pk}/igen/").status_code == 302
    search.refresh_from_db()
    assert (search.state, search.says, search.ended_at) == (State.WAITING, "", None)
    assert "i mellemtiden" in client.post(f"/placering/{search.pk}/igen/", follow=True).content.decode()
    searches.search_places(search_id=search.pk)
    search.refresh_from_db()
    assert (search.attempts, search.state in OVER) == (2, True)
    events = Event.objects.filter(kind="search", known_as=str(search.pk)).order_by("id").values_list("what", flat=True)
    assert list(events)[:3] == ["search.asked", "search.failed", "search.asked_again"]


def test_what_a_planner_may_not_see_is_not_asked_again(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    search = a_search(rolled_back, "region-midtjylland")
    actions.cancel(search.pk, by="test", at=timezone.now())
    assert signed_in("planner").post(f"/placering/{search.pk}/igen/").status_code == 404
    assert signed_in("auditor").post(f"/placering/{search.pk}/igen/").status_code == 403


BEFORE = [("placement", "0002_wishes_and_plans"), ("comparisons", "0001_initial"), ("jobs", "0002_job_repeats")]


def test_rows_from_before_are_kept(rolled_back: FinishedRun) -> None:
    connection.check_constraints()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    run = old.get_model("runs", "FinishedRun").objects.get(pk=rolled_back.pk)
    now = timezone.now()
    told: dict[str, Any] = {"asked_at": now, "asked_by": "before", "says": "No."}
    asked = {"run": run, "region": "r", "capacities": 1, "seconds": 10}
    kept = [
        old.get_model("placement", "Search").objects.create(**asked, state=state, **told).pk
        for state in ("refused", "cancelled", "waiting")
    ]
    connection.check_constraints()
    executor = MigrationExecutor(connection)
    executor.migrate(newest)
    found = [Search.objects.get(pk=number) for number in kept]
    assert [(one.state, one.over, one.ended_at is not None, one.says) for one in found] == [
        ("failed", True, True, "No."),
        ("cancelled", True, True, "No."),
        ("waiting", False, False, "No."),
    ]
