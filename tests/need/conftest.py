"""Synthetic citizens, and real visit counts, on disk once per session."""

from pathlib import Path

import polars as pl
import pytest

from fordel.demo.citizens import write_citizens
from fordel.engines import ParquetCitizens, duckdb_citizens
from fordel.need import Design, default_model
from fordel.need.design import Covariate, Level

RANDHIE = Path(__file__).parent / "data/microdata_doctor_visits/randhie.csv"


@pytest.fixture(scope="session")
def citizens_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_citizens(tmp_path_factory.mktemp("citizens") / "citizens.parquet", 60_000, seed=3)


@pytest.fixture
def citizens(citizens_file: Path) -> ParquetCitizens:
    return duckdb_citizens(citizens_file)


@pytest.fixture(scope="session")
def rows(citizens_file: Path) -> pl.DataFrame:
    return pl.read_parquet(citizens_file)


@pytest.fixture(scope="session")
def model() -> Design:
    return default_model()


@pytest.fixture(scope="session")
def small_model() -> Design:
    """Two flags, a band and a linear characteristic: quick to fit by row-wise peers."""
    levels = (Level("no", "nej", 0), Level("yes", "ja", 1))
    return Design(
        name="small",
        title="Small",
        dansk="Lille",
        outcome="contacts",
        unit="contacts / year",
        covariates=(
            Covariate("sex", "køn", "sex", (Level("male", "mand", 1), Level("female", "kvinde", 2))),
            Covariate(
                "age", "alder", "age", tuple(Level(n, n) for n in ("0-39", "40-69", "70+")), (40, 70), reference=1
            ),
            Covariate("copd", "KOL", "copd", levels),
            Covariate("km", "km", "distance_km", supply=True),
        ),
        exposure="exposure_days",
        full_exposure=365,
        practice="practice_id",
    )


@pytest.fixture(scope="session")
def randhie_rows() -> pl.DataFrame:
    return pl.read_csv(RANDHIE, infer_schema_length=None)


@pytest.fixture(scope="session")
def randhie_file(randhie_rows: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("randhie") / "randhie.parquet"
    randhie_rows.write_parquet(path)
    return path


@pytest.fixture(scope="session")
def randhie_model(randhie_rows: pl.DataFrame) -> Design:
    names = [name for name in randhie_rows.columns if name != "mdvis"]
    return Design(
        name="randhie",
        title="Outpatient visits in the RAND Health Insurance Experiment",
        dansk="Lægebesøg i RAND Health Insurance Experiment",
        outcome="mdvis",
        unit="visits / year",
        covariates=tuple(Covariate(name, name, name) for name in names),
    )
