"""The API tells what the pages of work and of runs tell, to the same people."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from django.conf import settings
from django.test import Client

from fordel.runs.compare import Recipe, waterfall
from fordel.runs.record import Run, write_run
from fordel.runs.waterfalls import INGREDIENTS, write_waterfall
from fordel.tables import Tables
from fordel.web.audit.models import Event
from fordel.web.comparisons.models import Comparison
from fordel.web.runs.actions import add_run
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of
from web.test_addresses import real
from web.test_api import NEWEST, key_of, read

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def test_the_overview_and_coverage_are_those_of_the_pages(three_people: Run) -> None:
    key = key_of("analyst")
    told = read(f"{NEWEST}/overview", key).json()
    assert told["area"]["area_id"] == "dk"
    assert told["practices"] == three_people.practices.height
    assert told["open"] == three_people.practices.filter(pl.col("open_to_new")).height
    mine = read(f"{NEWEST}/overview", key_of("politician")).json()
    assert mine["area"]["area_id"] == "sundhedsraad-hovedstaden"
    assert mine["practices"] < told["practices"]
    rows = {row["area_id"]: row for row in read(f"{NEWEST}/coverage", key).json()["items"]}
    assert rows["0751"]["people_no_choice"] is None
    assert [rows["0751"][f"people_{n}_choice"] for n in ("no", "one")] != [3, 1797]
    own = read(f"{NEWEST}/coverage", key_of("politician")).json()
    assert {row["area_id"] for row in own["items"]} == {"0101", "0147", "0400"}
    assert own["count"] == 3


def test_causes_are_told_once_they_are_known(rolled_back: FinishedRun, small_country: Tables) -> None:
    start, end = (Recipe(small_country, day) for day in (date(2026, 1, 31), rolled_back.law_date))
    then = datetime(2020, 1, 1, tzinfo=UTC)
    older = add_run(start.run, write_run(start.run, settings.HOME / "runs" / "older"), by="test", at=then)
    key, address = key_of("analyst"), f"{NEWEST}/causes?since={older.pk}&limit=1000"
    assert read(address, key).status_code == 404
    made = Comparison.objects.create(
        before=older, after=rolled_back, state="done", asked_by="test", asked_at=then, ended_at=then
    )
    steps = waterfall(start, end)
    write_waterfall(steps, settings.HOME / made.folder, before=older.pk, after=rolled_back.pk)
    rows = read(f"{address}&level=practice&number=closing_minimum", key).json()["items"]
    expected = steps.filter(level="practice", number="closing_minimum").cast({pl.Decimal: pl.Float64})
    assert rows == expected.to_dicts()
    assert all(row["before"] + sum(row[name] for name in INGREDIENTS) == row["after"] for row in rows)
    assert any(row["rules"] for row in rows)
    own = read(address, key_of("planner")).json()["items"]
    assert {row["known_as"] for row in own if row["level"] == "region"} == {"region-hovedstaden"}
    (told,) = read("/api/v1/comparisons", key).json()["items"]
    assert (told["before_id"], told["after_id"], told["state"]) == (older.pk, rolled_back.pk, "done")


def test_rules_assumptions_and_sources_are_the_run_s_own(rolled_back: FinishedRun) -> None:
    key, run = key_of("politician"), tables_of(rolled_back.folder)
    rules = read(f"{NEWEST}/rules", key).json()
    assert [row["rule"] for row in rules["items"]] == [rule.rule for rule in run.rules]
    assert rules["items"][0]["parameters"][0]["source"]
    assumed = read(f"{NEWEST}/assumptions", key).json()["items"]
    assert [row["name"] for row in assumed] == [parameter.name for parameter in run.assumptions()]
    assert read(f"{NEWEST}/sources", key).json()["items"] == run.sources.to_dicts()
    (snapshot,) = read("/api/v1/snapshots", key).json()["items"]
    assert snapshot["fingerprint"] == rolled_back.snapshot_id


def test_files_are_read_with_the_same_key_and_hold_the_own_rows(rolled_back: FinishedRun) -> None:
    key = key_of("planner")
    listed = read(f"{NEWEST}/files", key).json()["items"]
    assert len(listed) == 6
    for told in listed:
        answer = read(told["address"], key)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, told["media_type"])
    with zipfile.ZipFile(io.BytesIO(read(listed[0]["address"], key).content)) as archive:
        practices = pl.read_csv(archive.read("data/practices.csv"), infer_schema=False)
    assert set(practices["municipality"]) <= {"0101", "0147", "0400"}
    assert read(f"{NEWEST}/files/plan.pdf", key).status_code == 404
    assert Client().get(listed[0]["address"]).status_code == 401
    assert Event.objects.filter(what="run.downloaded", who="planner").count() == 7


def test_searches_and_imports_are_those_of_the_own_region(rolled_back: FinishedRun) -> None:
    own, other = (real({"search_id": whose}, rolled_back)["search_id"] for whose in ("OWN", "OTHER"))
    mine, theirs = (real({"import_id": whose}, rolled_back)["import_id"] for whose in ("OWN", "OTHER"))
    planner, auditor = key_of("planner"), key_of("auditor")

    def ids(address: str, key: str) -> list[Any]:
        return [row["id"] for row in read(f"/api/v1/{address}", key).json()["items"]]

    assert ids("searches", planner) == [own]
    assert ids("searches", auditor) == [other, own]
    assert ids("imports", planner) == [mine]
    assert ids("imports", auditor) == [theirs, mine]
    assert read(f"/api/v1/searches/{other}", planner).status_code == 404
    assert read(f"/api/v1/imports/{theirs}", planner).status_code == 404
    plan = read(f"/api/v1/searches/{own}", planner).json()
    assert plan["plan"][0]["site"] == "1km_6175_725"
    assert plan["plan"][0]["people_first"] is None
    told = read(f"/api/v1/imports/{mine}", planner).json()
    assert told["differences"] == [{"table": "practices", "new": 0, "changed": 1, "removed": 0, "same": 1700}]
    assert "010101" not in str(told)
    assert [fault["remedy"] for fault in told["faults"]] == ["mend it", "ret det"]
    assert read("/api/v1/searches", key_of("politician")).status_code == 403
