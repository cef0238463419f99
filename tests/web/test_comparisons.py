"""What changed between two runs, and what changed it: asked for, computed by the worker, shown to whom it concerns."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fordel.runs.compare import Recipe, waterfall
from fordel.runs.execute import execute
from fordel.runs.record import Run, write_run
from fordel.runs.waterfalls import BadRun, write_waterfall
from fordel.stores import write_snapshot
from fordel.tables import Tables
from fordel.web import backup
from fordel.web.audit.models import Event
from fordel.web.comparisons import actions
from fordel.web.comparisons.models import Comparison
from fordel.web.jobs.work import State
from fordel.web.runs.actions import add_run, add_snapshot
from fordel.web.runs.models import FinishedRun
from fordel.worker import causes
from small_country import small_country_frames, small_country_tables

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
MERGED = date(2027, 1, 1)
LEVELS = ("nation", "region", "health_council", "municipality", "practice")


@pytest.fixture(scope="module")
def later_tables() -> Tables:
    """Twice as many people in one municipality, and on the lists of its practices."""
    frames = small_country_frames()
    twice = pl.when(pl.col("municipality") == "0306").then(2).otherwise(1)
    counted = {"population": "people", "demand_points": "people", "registrations": "patients", "practices": "patients"}
    more = {table: frames[table].with_columns((pl.col(n) * twice).alias(n)) for table, n in counted.items()}
    return small_country_tables(**more)


@pytest.fixture(scope="module")
def later_run(later_tables: Tables) -> Run:
    """A year on: more people in one municipality, another law, two regions become one."""
    return execute(later_tables, day=MERGED, total=30, settings=[("list_maximum", 1700)])


@pytest.fixture
def later(rolled_back: FinishedRun, later_tables: Tables, later_run: Run) -> FinishedRun:
    snapshot, now = settings.HOME / "snapshots" / "later", timezone.now()
    if not snapshot.exists():
        write_snapshot(later_tables, snapshot)
        write_run(later_run, settings.HOME / "runs" / "later")
    add_snapshot(
        fingerprint=later_tables.fingerprint,
        name=later_tables.name,
        day=later_tables.snapshot_date,
        synthetic=True,
        folder=snapshot,
        by="test",
        at=now,
    )
    return add_run(later_run, settings.HOME / "runs" / "later", by="test", at=now)


def address(before: FinishedRun, after: FinishedRun, page: str = "", **more: str) -> str:
    asked = {"fra": before.pk, "til": after.pk, **more}
    return f"/koersler/sammenlign/{page}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def ask(client: Client, before: FinishedRun, after: FinishedRun) -> Comparison:
    answer = client.post("/koersler/sammenlign/aarsager/", {"fra": before.pk, "til": after.pk})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(address(before, after))
    return Comparison.objects.get(before=before, after=after)


@pytest.fixture
def made(signed_in: Callable[[str], Client], rolled_back: FinishedRun, later: FinishedRun) -> Comparison:
    found = ask(signed_in("planner"), rolled_back, later)
    causes.find_causes(comparison_id=found.pk)
    found.refresh_from_db()
    assert found.state == State.DONE
    return found


def shown_rows(client: Client, made: Comparison, level: str, number: str) -> list[tuple[str, list[Decimal]]]:
    """Name and numbers of each row of the page, as they are written there."""
    page = unescape(client.get(address(made.before, made.after, niveau=level, tal=number)).content.decode())
    rows = []
    for row in re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</tr>", page):
        cells = re.findall(r'<td class="number">([^<]*)</td>', row)
        words = [cell.replace(".", "").replace(",", ".").replace("−", "-") for cell in cells]
        rows.append((re.findall(r">([^<]+)</a>", row)[0], [Decimal(word) for word in words]))
    return rows


def test_the_causes_are_those_of_the_plan_and_add_up_on_the_page(
    signed_in: Callable[[str], Client], made: Comparison, small_country: Tables, later_tables: Tables
) -> None:
    client = signed_in("analyst")
    steps = waterfall(
        Recipe(small_country, made.before.law_date), Recipe(later_tables, MERGED, 30, (("list_maximum", 1700),))
    )
    found = 0
    for level in LEVELS:
        for number in ("closing_minimum",) if level == "practice" else ("need", "ceiling", "headroom"):
            rows = shown_rows(client, made, level, number)
            assert all(before + sum(parts) == after for _, (before, *parts, after) in rows)
            changed = steps.filter(level=level, number=number)
            exact = {row["name"]: row for row in changed.to_dicts()}
            for name, (before, data, _, _, geography, after) in rows:
                for shown, column in ((before, "before"), (data, "data"), (geography, "geography"), (after, "after")):
                    assert abs(shown - exact[name][column]) <= Decimal(1).scaleb(shown.as_tuple().exponent)  # type: ignore[arg-type]
            found += len(rows)
    assert found > 20
    page = client.get(address(made.before, made.after, niveau="nation", tal="need")).content.decode()
    assert 'class="waterfall-drawing"' in page
    assert page.count("<text") == 2 * 6 + 2
    said = re.findall(r"<title[^>]*>(.*?)</title>", page)[1]
    (_, numbers), *_ = shown_rows(client, made, "nation", "need")
    assert [
        Decimal(n.replace(",", ".").replace("−", "-")) for n in re.findall(r" ([+−]?[\d,]+)(?=[;.])", said)
    ] == numbers


def test_each_sees_the_own_rows_and_only_makers_ask(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, later: FinishedRun
) -> None:
    politician, here = signed_in("politician"), address(rolled_back, later)
    plain = politician.get(here).content.decode()
    assert "Find årsagerne" not in plain
    assert "En planlægger, en analytiker" in plain
    asked = {"fra": rolled_back.pk, "til": later.pk}
    assert politician.post("/koersler/sammenlign/aarsager/", asked).status_code == 403
    planner = signed_in("planner")
    assert "Find årsagerne" in planner.get(here).content.decode()
    found = ask(planner, rolled_back, later)
    assert ask(planner, rolled_back, later) == found
    assert Event.objects.filter(what="comparison.asked", known_as=str(found.pk)).count() == 1
    part = planner.get(here, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part
    assert "<html" not in part
    causes.find_causes(comparison_id=found.pk)
    causes.find_causes(comparison_id=found.pk)  # a worker that was killed after it had finished
    assert Event.objects.filter(what="comparison.done", known_as=str(found.pk)).count() == 1
    for client in (planner, politician):
        assert "every 2s" not in client.get(here).content.decode()
        names = {name for level in LEVELS for name, _ in shown_rows(client, found, level, "need")}
        assert {"København", "Bornholm"} & names
        assert not {"Aarhus", "Region Midtjylland"} & names
        ids = {name for name, _ in shown_rows(client, found, "practice", "closing_minimum")}
        every = {name for name, _ in shown_rows(signed_in("analyst"), found, "practice", "closing_minimum")}
        assert ids < every
        own = client.get(address(rolled_back, later, niveau="municipality", om="0751", tal="need")).content.decode()
        assert "Aarhus" not in own
        file = client.get(address(rolled_back, later, "tabel.csv", niveau="municipality", tal="need"))
        assert "0751" not in file.content.decode()


def test_the_file_holds_the_rows_of_the_page_with_all_decimals(
    signed_in: Callable[[str], Client], made: Comparison
) -> None:
    client = signed_in("analyst")
    answer = client.get(address(made.before, made.after, "tabel.csv", niveau="municipality", tal="need"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Kode", "Navn", "Findes i", "Før", "Oplysninger", "Parametre", "Regler", "Geografi", "Efter"]
    assert [row[1] for row in rows[1:]] == [name for name, _ in shown_rows(client, made, "municipality", "need")]
    for row in rows[1:]:
        before, *steps, after = (Decimal(cell.replace(",", ".")) for cell in row[3:])
        assert abs(before + sum(steps) - after) < Decimal("1e-9")


def test_what_cannot_be_taken_apart_says_why_and_can_be_asked_for_again(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, later: FinishedRun, later_run: Run
) -> None:
    client = signed_in("planner")
    changed = Run.sealed(later_run.manifest, later_run.rules, **{**later_run.frames(), "alerts": later_run.alerts[:0]})
    if changed.manifest.run_id == later_run.manifest.run_id:  # nothing was taken away: take something else
        areas = later_run.areas.with_columns(later_run.areas["ceiling"] + 1)
        changed = Run.sealed(later_run.manifest, later_run.rules, **{**later_run.frames(), "areas": areas})
    folder = settings.HOME / "runs" / "changed"
    write_run(changed, folder)
    odd = add_run(changed, folder, by="test", at=timezone.now())
    found = ask(client, rolled_back, odd)
    causes.find_causes(comparison_id=found.pk)
    page = unescape(client.get(address(rolled_back, odd)).content.decode())
    assert "loven eller programmet er ændret" in page
    assert "comes out otherwise today" in page
    assert "Prøv igen" in page
    assert ask(client, rolled_back, odd).state == State.WAITING
    same = client.post("/koersler/sammenlign/aarsager/", {"fra": odd.pk, "til": odd.pk})
    assert same.status_code == 404
    shutil.rmtree(folder)


def test_a_table_is_written_once_kept_in_backups_and_made_anew_where_it_is_damaged(
    signed_in: Callable[[str], Client], made: Comparison
) -> None:
    folder = settings.HOME / made.folder
    file, written = folder / "steps.parquet", (folder / "steps.parquet").stat().st_mtime_ns
    assert {f"{made.folder}/manifest.json", f"{made.folder}/steps.parquet"} <= set(backup._names(settings.HOME))
    Comparison.objects.filter(pk=made.pk).update(state=State.RUNNING, ended_at=None)  # killed before it could say so
    causes.find_causes(comparison_id=made.pk)
    assert file.stat().st_mtime_ns == written
    file.write_bytes(b"damaged")
    from fordel.web.comparisons.queries import table_of

    table_of.cache_clear()
    client = signed_in("planner")
    assert "Find årsagerne" in client.get(address(made.before, made.after)).content.decode()
    assert ask(client, made.before, made.after).state == State.WAITING
    causes.find_causes(comparison_id=made.pk)
    made.refresh_from_db()
    assert actions.is_whole(made)
    assert made.folder in backup._comparisons()


def test_a_folder_of_other_runs_is_not_written_over(tmp_path: Path, small_country: Tables) -> None:
    recipe = Recipe(small_country, date(2026, 2, 1))
    steps = waterfall(recipe, recipe)
    write_waterfall(steps, tmp_path / "a", before="1", after="2")
    with pytest.raises(BadRun, match="tells of other runs"):
        write_waterfall(steps, tmp_path / "a", before="1", after="3")
