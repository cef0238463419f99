"""Export a run: Excel, CSV, Parquet, GeoJSON, Data Package, each with what its columns mean and its sources."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fordel.publish._export_csv import FORMULA, csv_text, table_csv, write_csv
from fordel.publish._export_excel import TooLong, write_excel
from fordel.publish._export_geojson import write_geojson
from fordel.publish._export_tables import RESULTS, companion_tables
from fordel.publish.datapackage import package
from fordel.publish.disclosure import shown_frames
from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

    Frames = dict[str, pl.DataFrame]

__all__ = ["FORMATS", "FORMULA", "BadExport", "csv_text", "export_run", "table_csv"]


class BadExport(Exception):
    """What was asked for cannot be exported."""


def export_run(
    run: Run,
    folder: Path,
    formats: Sequence[str],
    *,
    lang: Lang = "en",
    progress: Callable[[str], None] | None = None,
    small_counts: bool = False,
) -> list[Path]:
    """Export a run into a folder; files of the same name are replaced, each only once it is whole.

    Args:
        run: a finished run.
        folder: made when it is not there.
        formats: some of ``FORMATS``.
        lang: ``da`` gives Danish headings, and CSV as Danish spreadsheets read it: semicolons, decimal commas, a byte
            order mark. ``en`` gives plain CSV headed with the names of the columns.
        progress: told each format before it is written.
        small_counts: whether counts of few people are written as well: for the authority's own use. Else they are
            held back, see ``fordel.publish.disclosure``.

    Returns:
        The files written.

    Raises:
        BadExport: a format has another name, the folder is a file, or a table is too long for Excel.
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        raise BadExport(f"No format is called {unknown[0]!r}; use some of {', '.join(FORMATS)}.")
    if folder.exists() and not folder.is_dir():
        raise BadExport(f"{folder} is a file; give a folder to export to.")
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    frames = run.frames() if small_counts else shown_frames(run)
    with tempfile.TemporaryDirectory(prefix=".export.", dir=folder) as draft:
        for name in dict.fromkeys(formats):
            if progress:
                progress(name)
            written += FORMATS[name](run, frames, Path(draft), lang)
        return [Path(shutil.move(path, folder / path.name)) for path in written]


def _excel(run: Run, frames: Frames, folder: Path, lang: Lang) -> list[Path]:
    path = folder / "plan.xlsx"
    try:
        write_excel(run, path, lang, {table: frames[table] for table in RESULTS})
    except TooLong as error:
        raise BadExport(str(error)) from error
    return [path]


def _csv(run: Run, frames: Frames, folder: Path, lang: Lang) -> list[Path]:
    frames = {name: frames[name] for name in RESULTS}
    if lang == "da":
        heads = {t: {n: columns()[t][n].dansk for n in frame.columns} for t, frame in frames.items()}
        frames = {table: frame.rename(heads[table]) for table, frame in frames.items()}
    return [
        write_csv(frame, folder / f"{n}.csv", lang) for n, frame in {**frames, **companion_tables(run, lang)}.items()
    ]


def _parquet(run: Run, frames: Frames, folder: Path, _lang: Lang) -> list[Path]:
    paths = []
    for name in RESULTS:
        path = folder / f"{name}.parquet"
        units = {f"unit.{c.name}": c.unit for c in columns()[name].values()}
        about = {"run_id": run.manifest.run_id, "synthetic": str(run.manifest.synthetic).lower(), **units}
        frames[name].write_parquet(path, metadata=about)
        paths.append(path)
    return paths


def _geojson(run: Run, frames: Frames, folder: Path, _lang: Lang) -> list[Path]:
    return write_geojson(run, frames, folder)


def _datapackage(run: Run, frames: Frames, folder: Path, lang: Lang) -> list[Path]:
    path = folder / "plan.datapackage.zip"
    path.write_bytes(package(run, frames, lang))
    return [path]


FORMATS: dict[str, Callable[[Run, Frames, Path, Lang], list[Path]]] = {
    "xlsx": _excel,
    "csv": _csv,
    "parquet": _parquet,
    "geojson": _geojson,
    "datapackage": _datapackage,
}
