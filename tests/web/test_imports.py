"""Imports: looked at, confirmed, taken back; and files that are meant to do harm."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import polars as pl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fordel.runs.record import read_run
from fordel.stores import read_snapshot
from fordel.tables import Tables
from fordel.web.audit.models import Event
from fordel.web.coverage.queries import standing_of
from fordel.web.imports.models import Import, State
from fordel.web.jobs import actions as jobs
from fordel.web.runs.models import FinishedRun, Snapshot
from fordel.worker import tasks

MAXIMA = "Ydernummer;Oplyst maksimum\n"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def send(client: Client, finished: FinishedRun, kind: str, name: str, content: bytes, **more: bytes) -> Import:
    given = {"base": finished.snapshot_id, "kind": kind, "file": SimpleUploadedFile(name, content)}
    given |= {field: SimpleUploadedFile(f"{field}.csv", extra) for field, extra in more.items()}
    answer = client.post("/import/ny/", given)
    assert answer.status_code == 302, answer.content.decode()
    made = Import.objects.get(pk=int(answer.headers["Location"].split("/")[-2]))
    assert made.state == State.READING
    tasks.read_import(import_id=made.pk)
    made.refresh_from_db()
    return made


def capacities(tables: Tables, municipality: str) -> pl.DataFrame:
    """One practice of a municipality, with a capacity more."""
    row = tables.practices.filter(pl.col("municipality") == municipality).head(1)
    more = pl.col("capacities_released") + 1
    return row.select("practice_id", more, "capacities_filled", "open_to_new")


def csv_of(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def page(client: Client, made: Import) -> str:
    return unescape(client.get(f"/import/{made.pk}/").content.decode())


def test_a_whole_import_is_seen_confirmed_used_and_undone(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    client = signed_in("planner")
    changed = capacities(small_country, "0101")
    made = send(client, rolled_back, "capacities", "kapaciteter.csv", csv_of(changed))
    shown = page(client, made)
    assert "Klar: bekræft" in shown
    assert changed["practice_id"][0] in shown
    assert Snapshot.objects.count() == 1
    assert client.post(f"/import/{made.pk}/bekraeft/").status_code == 302
    tasks.save_import(import_id=made.pk)
    tasks.save_import(import_id=made.pk)  # a worker that was killed after it had finished
    made.refresh_from_db()
    assert made.state == State.DONE
    assert made.snapshot is not None
    tables = read_snapshot(settings.HOME / made.snapshot.folder)
    told = tables.sources.filter(pl.col("source_id") == f"import-{made.pk}").row(0, named=True)
    assert "kapaciteter.csv" in told["title"]
    assert "planner" in told["note"]
    differing = tables.practices.join(small_country.practices, on=tables.practices.columns, how="anti")
    assert differing["practice_id"].to_list() == changed["practice_id"].to_list()
    run = computed(made.snapshot)
    assert client.get("/koersler/").content.decode().count(run.run_id) >= 1
    assert run.run_id[:12] in client.get("/omraader/").content.decode()
    assert client.post(f"/import/{made.pk}/fortryd/").status_code == 302
    assert run.run_id[:12] not in client.get("/omraader/").content.decode()
    assert tables.name not in client.get("/opgaver/").content.decode()
    assert "i mellemtiden" in client.post(f"/import/{made.pk}/bekraeft/", follow=True).content.decode()
    events = Event.objects.filter(kind="import", known_as=str(made.pk)).order_by("id").values_list("what", flat=True)
    assert list(events) == ["import.begun", "import.confirmed", "import.done", "import.undone"]


def computed(snapshot: Snapshot) -> FinishedRun:
    now = timezone.now()
    job = jobs.ask(snapshot=snapshot, law_date=date(2026, 2, 1), total=None, by="test", at=now)
    tasks.compute_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.run is not None, job.says
    assert read_run(settings.HOME / job.run.folder).manifest.snapshot_fingerprint == snapshot.pk
    return job.run


def test_stated_maxima_are_seen_confirmed_used_and_undone(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    client = signed_in("planner")
    mine, other = (small_country.practices.filter(municipality=code)["practice_id"][0] for code in ("0101", "0751"))
    for practice_id, row in (("999999", "3"), (other, "")):
        refused = send(client, rolled_back, "stated_maxima", "m.csv", f"{MAXIMA}{mine};5200\n{practice_id};1".encode())
        assert (refused.state, refused.faults[0]["rows"]) == (State.REFUSED, row)
        assert practice_id in page(client, refused)
    made = send(client, rolled_back, "stated_maxima", "hoering.csv", f"{MAXIMA}{mine};5200\n".encode())
    assert "Oplyst maksimum: – → 5.200" in page(client, made)
    run, snapshot = saved(client, made)
    assert "hoering.csv" in str(read_snapshot(settings.HOME / snapshot.folder).sources["title"].to_list())
    for address in ("/praksis/", f"/praksis/{mine}/"):
        shown = unescape(client.get(address).content.decode())
        assert "Oplyst maksimum" in shown
        assert re.search(r"\d,\d\N{NO-BREAK SPACE}%", shown)  # how far the list is used
        assert "5.200" in shown
    assert "Oplyst maksimum" not in client.get(f"/praksis/?koersel={rolled_back.pk}").content.decode()
    assert "(det har 1)" in client.get(f"/daekning/hvis/?lukket={mine}").content.decode()
    assert room_of(run, mine) == 5200 - list_of(run, mine)
    back = send(client, run, "stated_maxima", "m.csv", f"{MAXIMA}{mine};\n".encode())
    assert [difference["removed"] for difference in back.differences] == [1]
    assert client.post(f"/import/{made.pk}/fortryd/").status_code == 302
    assert "Oplyst maksimum" not in client.get("/praksis/").content.decode()


def saved(client: Client, made: Import) -> tuple[FinishedRun, Snapshot]:
    """Confirm an import and compute a run of its snapshot."""
    assert client.post(f"/import/{made.pk}/bekraeft/").status_code == 302
    tasks.save_import(import_id=made.pk)
    made.refresh_from_db()
    assert made.snapshot is not None
    return computed(made.snapshot), made.snapshot


def room_of(run: FinishedRun, practice_id: str) -> int:
    standing = standing_of(run.folder)
    return int(standing.now.places_left[standing.survey.number(practice_id)])


def list_of(run: FinishedRun, practice_id: str) -> int:
    return int(read_run(settings.HOME / run.folder).practices.filter(practice_id=practice_id)["patients"][0])


def test_a_planner_changes_practices_of_the_own_region_only(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    other = capacities(small_country, "0751")
    refused = send(signed_in("planner"), rolled_back, "capacities", "k.csv", csv_of(other))
    assert refused.state == State.REFUSED
    assert refused.faults[0]["code"] == "other_regions"
    assert "praksis i andre regioner" in page(signed_in("planner"), refused)
    assert send(signed_in("analyst"), rolled_back, "capacities", "k.csv", csv_of(other)).state == State.READY
    given = {"base": rolled_back.snapshot_id, "kind": "areas", "file": SimpleUploadedFile("a.csv", b"x")}
    assert signed_in("planner").post("/import/ny/", given).status_code == 422


def test_what_is_wrong_is_told_row_by_row(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    text = csv_of(small_country.practices.head(3)).decode().splitlines()
    text[2] = text[2].replace("true", "perhaps").replace("false", "perhaps")
    client = signed_in("analyst")
    made = send(client, rolled_back, "practices", "praksis.csv", "\n".join(text).encode())
    assert made.state == State.REFUSED
    wrong = next(fault for fault in made.faults if fault["da"]["column"] == "open_to_new")
    assert (wrong["da"]["file"], wrong["rows"]) == ("praksis.csv", "3")
    shown = page(client, made)
    assert "perhaps" in shown
    assert "Afvist" in shown
    assert "ja eller nej (true eller false)" in shown
    assert "skriv ja eller nej" in shown
    client.cookies["django_language"] = "en"
    assert "write true or false" in page(client, made)
    tasks.save_import(import_id=made.pk)
    assert Snapshot.objects.count() == 1


def test_a_register_with_its_lists_replaces_both(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    leaving = small_country.practices.filter(pl.col("municipality") == "0751")["practice_id"][-1]
    both_tables = (small_country.practices, small_country.registrations)
    practices, lists = (table.filter(pl.col("practice_id") != leaving) for table in both_tables)
    client = signed_in("analyst")
    alone = send(client, rolled_back, "practices", "p.csv", csv_of(practices))
    assert alone.state == State.REFUSED
    both = send(client, rolled_back, "practices", "p.csv", csv_of(practices), registrations=csv_of(lists))
    assert both.state == State.READY, both.faults
    found = {difference["table"]: difference for difference in both.differences}
    assert (found["practices"]["removed"], found["practices"]["new"]) == (1, 0)
    assert found["practices"]["examples"][0]["key"] == leaving
    assert found["registrations"]["removed"] > 0
    assert found["registrations"]["examples"] == []
    assert "Rækker om patienter vises ikke" in page(client, both)
