"""What can be downloaded of a run: the rows of one's own, the same counts held back as on the pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from fordel.publish._export_excel import write_excel
from fordel.publish._export_geojson import areas_geojson, practices_geojson
from fordel.publish.datapackage import package
from fordel.web.audit.actions import record
from fordel.web.texts import language

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fordel.web.runs.queries import Seen

GEOJSON = "application/geo+json"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Download:
    """One file: its name, its kind, its text on the page, and how it is made."""

    name: str
    kind: str
    text: str
    make: Callable[[Seen], bytes]


def taken(seen: Seen, name: str, *, by: str, at: datetime) -> bytes:
    """Give a file. That it was taken is recorded."""
    content = DOWNLOADS[name].make(seen)
    record("run.downloaded", "run", seen.record.run_id, by=by, at=at, new={"file": name})
    return content


def _package(seen: Seen) -> bytes:
    return package(seen.run, _frames(seen), language())


def _excel(seen: Seen) -> bytes:
    file = BytesIO()
    write_excel(seen.run, file, language(), _frames(seen))
    return file.getvalue()


def _areas(level: str, seen: Seen) -> bytes:
    return areas_geojson(seen.run, seen.areas.filter(pl.col("level") == level)).encode()


def _practices(seen: Seen) -> bytes:
    return practices_geojson(seen.run, seen.practices).encode()


def _frames(seen: Seen) -> dict[str, pl.DataFrame]:
    return {"areas": seen.areas, "practices": seen.practices}


DOWNLOADS = {
    download.name: download
    for download in (
        Download("plan.datapackage.zip", "application/zip", "runs.file_package", _package),
        Download("plan.xlsx", EXCEL, "runs.file_excel", _excel),
        Download("regioner.geojson", GEOJSON, "runs.file_regions", partial(_areas, "region")),
        Download("sundhedsraad.geojson", GEOJSON, "runs.file_councils", partial(_areas, "health_council")),
        Download("kommuner.geojson", GEOJSON, "runs.file_municipalities", partial(_areas, "municipality")),
        Download("praksis.geojson", GEOJSON, "runs.file_practices", _practices),
    )
}
