"""Downloads of a run: the same rows as on the pages, the same counts held back, the taking recorded."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.test import Client

from fordel.runs.record import Run
from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from fordel.web.runs.downloads import DOWNLOADS
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import Seen

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def download(client: Client, run: FinishedRun, name: str) -> bytes:
    answer = client.get(f"/koersler/{run.pk}/hent/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'{name}"')
    return bytes(answer.content)


def tables(content: bytes) -> dict[str, pl.DataFrame]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        read = {
            name: pl.read_csv(archive.read(f"data/{name}.csv"), infer_schema=False) for name in ("areas", "practices")
        }
        assert json.loads(archive.read("datapackage.json"))["synthetic"] is True
    return read


@pytest.mark.parametrize("role", ["planner", "politician", "analyst"])
def test_each_gets_the_own_rows_in_every_file(
    role: str, signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    client, seen = signed_in(role), Seen(rolled_back, User.objects.get(username=role))
    ids = {"areas": set(seen.areas["area_id"]), "practices": set(seen.practices["practice_id"])}
    read = tables(download(client, rolled_back, "plan.datapackage.zip"))
    assert set(read["areas"]["area_id"]) == ids["areas"]
    assert set(read["practices"]["practice_id"]) == ids["practices"]
    book = openpyxl.load_workbook(io.BytesIO(download(client, rolled_back, "plan.xlsx")))
    assert {row[0].value for row in book["Praksis"].iter_rows(min_row=2)} == ids["practices"]
    assert "Steder" not in book.sheetnames
    found: set[str] = set()
    for name in DOWNLOADS:
        if name.endswith(".geojson"):
            told: dict[str, Any] = json.loads(download(client, rolled_back, name))
            assert told["type"] == "FeatureCollection"
            found |= {feature["id"] for feature in told["features"]}
            assert all(feature["type"] == "Feature" for feature in told["features"])
    assert found == (ids["areas"] | ids["practices"]) - {"dk"}
    assert Event.objects.filter(what="run.downloaded", who=role).count() == len(DOWNLOADS)


def test_small_counts_are_held_back_in_every_file(signed_in: Callable[[str], Client], three_people: Run) -> None:
    run, client = FinishedRun.objects.get(pk=three_people.manifest.run_id), signed_in("analyst")
    row = tables(download(client, run, "plan.datapackage.zip"))["areas"].filter(area_id="0751").row(0, named=True)
    assert row["people_no_choice"] is None
    collection = json.loads(download(client, run, "kommuner.geojson"))
    (feature,) = (feature for feature in collection["features"] if feature["id"] == "0751")
    hidden = {name for name, value in feature["properties"].items() if value is None and name.startswith("people_")}
    assert {name for name, value in row.items() if value is None and name.startswith("people_")} == hidden
    assert len(hidden) >= 2
    book = openpyxl.load_workbook(io.BytesIO(download(client, run, "plan.xlsx")))
    sheet = [[cell.value for cell in line] for line in book["Områder"].iter_rows()]
    (written,) = (line for line in sheet if "0751" in line)
    assert 1797 not in written
    assert 3 not in written
