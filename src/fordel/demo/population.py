"""Residents by municipality, sex and age group: Statistics Denmark's FOLK1B on 1 October 2020."""

from __future__ import annotations

import polars as pl

from fordel.demo.packaged import read
from fordel.tables import AGE_GROUPS

SEX = {"Men": "male", "Women": "female"}
BORNHOLM, CHRISTIANSOE = "0400", "0411"


def municipalities() -> pl.DataFrame:
    """The 98 municipalities: ``municipality, name, region`` (id of the region before 2027)."""
    codes = read("dst_folk1b/municipalities.csv").filter(pl.col("municipality_code") != CHRISTIANSOE)
    region = pl.col("region").str.to_lowercase().str.replace(" ", "-").str.replace("æ", "ae")
    return codes.select("name", municipality="municipality_code", region=region).sort("municipality")


def population() -> pl.DataFrame:
    """Residents as the table ``Population``. Unit: people.

    Christiansø is no municipality, but its residents are in the nation's count: they are counted with Bornholm.
    FOLK1B's groups 95-99 and 100 and over are one group here.
    """
    counts = read("dst_folk1b/folk1b_2020Q4.csv.gz")
    return _grouped(counts.filter(pl.col("sex").is_in(list(SEX)) & (pl.col("age") != "Total")))


def past_populations() -> dict[int, pl.DataFrame]:
    """Residents on each 1 January from 2008 to 2020, by year, as the table ``Population``. Unit: people."""
    counts = read("dst_folk1b/folk1b_januaries.csv.gz")
    years = [name for name in counts.columns if name.isdigit()]
    return {int(year): _grouped(counts.select("area", "sex", "age", population=year)) for year in years}


def _grouped(counts: pl.DataFrame) -> pl.DataFrame:
    codes = read("dst_folk1b/municipalities.csv").select(area="folk1b_area", municipality="municipality_code")
    return (
        counts.join(codes, on="area")
        .group_by(
            pl.col("municipality").replace(CHRISTIANSOE, BORNHOLM),
            pl.col("sex").replace_strict(SEX),
            age_group=_age_group(pl.col("age")),
        )
        .agg(people=pl.col("population").cast(pl.Int64).sum())
        .sort("municipality", "sex", "age_group")
    )


def _age_group(age: pl.Expr) -> pl.Expr:
    first = age.str.extract(r"^(\d+)").cast(pl.Int64)
    place = (first // 5).clip(upper_bound=len(AGE_GROUPS) - 1)
    return place.replace_strict(dict(enumerate(AGE_GROUPS)), return_dtype=pl.String)


def christiansoe_people() -> int:
    """Residents of Christiansø. Unit: people."""
    counts = read("dst_folk1b/folk1b_2020Q4.csv.gz")
    row = counts.filter((pl.col("area") == "Christiansø") & (pl.col("sex") == "Total") & (pl.col("age") == "Total"))
    return int(row["population"].item())
