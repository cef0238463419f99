"""Synthetic citizens (syntetiske borgere) whose true need is known: to try, test and time the need model on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from fordel.demo._citizen_draw import Columns, calibrated_hardship, draw, effect
from fordel.demo._country import Floats, assumptions, country

if TYPE_CHECKING:
    from pathlib import Path

SYNTHETIC = "Synthetic citizens made by Fordel: nobody's data. Margins: Statistics Denmark, FOLK1B 2020Q4."
LEAST, MOST = 10_000, 30_000_000
_CHUNK = 500_000


@dataclass(frozen=True, eq=False)
class Truth:
    """What the synthetic citizens were made by.

    Attributes:
        coefficients: true effects on the log of yearly contacts: ``covariate, level, coefficient``; ``level`` counts from 0.
        dispersion: alpha of the negative binomial that a citizen's contacts come from within a practice.
        practice_sd: spread of practice styles on the log scale (their mean effect is 1).
    """

    coefficients: pl.DataFrame
    dispersion: float
    practice_sd: float


def truth() -> Truth:
    """Give the truth behind the synthetic citizens."""
    rows = []
    for table in ("effects", "supply_effects"):
        for covariate, values in assumptions()[table].items():
            levels = values if isinstance(values, list) else [values]
            zero = levels[8] if covariate == "age" else 0.0
            rows += [(covariate, level, value - zero) for level, value in enumerate(levels)]
    chance = assumptions()["chance"]
    frame = pl.DataFrame(rows, schema=["covariate", "level", "coefficient"], orient="row")
    return Truth(frame, chance["dispersion"], chance["practice_sd"])


def draw_citizens(people: int, *, seed: int, year: int = 2024) -> Iterator[pl.DataFrame]:
    """Draw synthetic citizens, half a million at a time.

    Every part is a cross-section of the whole country, and the whole has FOLK1B's shares of municipality, sex and age.

    Args:
        people: how many citizens; 10,000 to 30,000,000.
        seed: the same seed gives the same citizens.
        year: the year they live in.

    Yields:
        frames with the columns of ``Citizens``, and ``true_need``: contacts a whole year would bring with the nation's
        mean supply and the mean practice. Unit: contacts / year.

    Raises:
        ValueError: too few or too many people.
    """
    if not LEAST <= people <= MOST:
        raise ValueError(f"Synthetic citizens come in {LEAST:,} to {MOST:,}; {people:,} were asked for.")
    shares = np.cumsum(country().people.ravel())
    edges = np.floor(shares / shares[-1] * people).astype(np.int64)
    style = _practice_styles(seed)
    parts = -(-people // _CHUNK)
    for part in range(parts):
        chance = np.random.default_rng([seed, part])
        person = np.arange(part, people, parts)
        chance.shuffle(person)
        yield _part(person, np.searchsorted(edges, person, side="right"), style, chance, year)


def write_citizens(
    path: Path, people: int, *, seed: int, year: int = 2024, progress: Callable[[str], None] | None = None
) -> Path:
    """Write synthetic citizens to one Parquet file that says in its metadata that they are synthetic.

    The file holds ``true_need`` beside the columns of ``Citizens``. Memory does not grow with the number of citizens.

    Raises:
        ValueError: too few or too many people.
    """
    writer, written = None, 0
    try:
        for frame in draw_citizens(people, seed=seed, year=year):
            part = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata(
                {"synthetic": SYNTHETIC}
            )
            if writer is None:
                writer = pq.ParquetWriter(path, part.schema, compression="zstd", use_dictionary=True)
            writer.write_table(part, row_group_size=125_000)
            written += part.num_rows
            if progress is not None:
                progress(f"{written:,} of {people:,} synthetic citizens")
    finally:
        if writer is not None:
            writer.close()
    return path


def is_synthetic(path: Path) -> bool:
    """Whether a Parquet file says that its rows are synthetic."""
    metadata: dict[bytes, bytes] = pq.read_schema(path).metadata or {}
    return b"synthetic" in metadata


def _practice_styles(seed: int) -> Floats:
    spread = assumptions()["chance"]["practice_sd"]
    noise = np.random.default_rng([seed, 77]).standard_normal(len(country().practices))
    return np.exp(spread * noise - spread**2 / 2)


def _part(
    person: np.ndarray, strata: np.ndarray, style: Floats, chance: np.random.Generator, year: int
) -> pl.DataFrame:
    columns = draw(strata, calibrated_hardship(), chance)
    days = _days(columns, chance)
    need = np.exp(effect(columns, "effects"))
    expected = need * np.exp(effect(columns, "supply_effects")) * style[columns["practice"]] * days / 365
    alpha = assumptions()["chance"]["dispersion"]
    contacts = chance.poisson(expected * chance.gamma(1 / alpha, alpha, len(need)))
    shape = np.maximum(contacts, 1) * 4.0
    fee = np.where(contacts > 0, chance.gamma(shape, assumptions()["chance"]["kroner_per_contact"] / 4), 0.0)
    return _frame(person, columns, year).with_columns(
        exposure_days=pl.Series(days, dtype=pl.Int16),
        contacts=pl.Series(contacts, dtype=pl.Int32),
        fee=pl.Series(np.round(fee), dtype=pl.Int32),
        true_need=need,
    )


def _days(columns: Columns, chance: np.random.Generator) -> np.ndarray:
    """Days lived in the country: whole years, but for births, deaths and moves."""
    age, rows = columns["age"], len(columns["age"])
    dying = chance.random(rows) < np.clip(0.00004 * np.exp(0.1 * (age - 15.0)), 0.0002, 0.35)
    moving = chance.random(rows) < assumptions()["chance"]["partial_year"]
    partial = dying | moving | (age == 0)
    return np.where(partial, chance.integers(1, 366, rows), 365)


def _cells() -> list[str]:
    """Name 42 invented grid cells for each of the 98 municipalities."""
    return [
        f"1km_{6050 + at // 7 * 25 + row:04d}_{445 + at % 7 * 60 + column:03d}"
        for at in range(98)
        for row in range(6)
        for column in range(7)
    ]


def _frame(person: np.ndarray, columns: Columns, year: int) -> pl.DataFrame:
    land, place = country(), columns.pop("place")
    practice = columns.pop("practice")
    # An odd multiplier scatters pseudonyms over 40 bits: unique, and no trace of where a person lives.
    pseudonym = (person.astype(np.int64) * 0x9E3779B1 + 12_345) % (1 << 40)
    crowded = (pseudonym >> 7) % 7 * ((pseudonym >> 11) % 6)  # some cells hold many more than others
    codes, names, cells = pl.Series(land.codes), pl.Series(land.practices), pl.Series(_cells())
    return pl.DataFrame(
        {
            "person_id": pseudonym,
            "year": pl.Series(np.full(len(person), year), dtype=pl.Int16),
            "municipality": codes.gather(place),
            "cell_id": cells.gather(place * 42 + crowded),
            "practice_id": names.gather(practice),
            **columns,
        }
    )
