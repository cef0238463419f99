"""Published ceilings, forecasts and districts: read as written in every format, and refused with place and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from fordel.stores import BadInput, read_snapshot, write_snapshot
from fordel.stores._formats import FORMATS
from fordel.tables import Tables
from rich_country import districts, forecasts, published, rich_country_tables, stated


@pytest.mark.parametrize("form", FORMATS)
def test_every_optional_table_comes_back(rich_country: Tables, tmp_path: Path, form: str) -> None:
    write_snapshot(rich_country, tmp_path / "s", form)
    again = read_snapshot(tmp_path / "s")
    assert again.fingerprint == rich_country.fingerprint
    for name, frame in rich_country.frames().items():
        assert again.frames()[name].equals(frame), name


def test_danish_headings_are_read(rich_country: Tables, tmp_path: Path) -> None:
    write_snapshot(rich_country, tmp_path / "s", "csv")
    path = tmp_path / "s" / "published_ceilings.csv"
    text = path.read_text(encoding="utf-8").replace(
        "area_id,level,year,ceiling,source", "Område,Niveau,År,Loft,Kildeangivelse"
    )
    path.write_text(text.replace("region,2026", "Region,2026"), encoding="utf-8")
    assert read_snapshot(tmp_path / "s").published_ceilings.equals(rich_country.published_ceilings)


FAULTS: dict[str, tuple[Callable[[], Tables], str]] = {
    "a ceiling for an area of another level": (
        lambda: rich_country_tables(published_ceilings=published(("region-sjaelland", "municipality", 2026, 5))),
        "an area that areas has at the level",
    ),
    "a forecast for a municipality nobody knows": (
        lambda: rich_country_tables(
            forecasts=forecasts({}).with_columns(municipality=pl.col("municipality").replace("0751", "0752"))
        ),
        "the code of a municipality that areas has",
    ),
    "a stated maximum of a practice nobody knows": (
        lambda: rich_country_tables(stated_maxima=stated({"999999": 1})),
        "the provider number of a practice that practices has",
    ),
    "a newest forecast with nothing to compare it with": (
        lambda: rich_country_tables(forecasts=forecasts({}).filter(pl.col("forecast") == "newest")),
        "a row of the forecast model for the same municipality and year",
    ),
    "a district nobody knows": (
        lambda: rich_country_tables(districts=districts().with_columns(district=pl.lit("valby") + pl.col("district"))),
        "the id of a district that areas has",
    ),
    "one district of two": (lambda: rich_country_tables(districts=districts().head(1)), "a row for every district"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_in_words(tmp_path: Path, name: str) -> None:
    make, said = FAULTS[name]
    with pytest.raises(BadInput, match=said):
        write_snapshot(make(), tmp_path / "s")
