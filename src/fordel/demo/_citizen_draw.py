"""Draw synthetic citizens' characteristics, and what use of general practice the truth says they make."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from fordel.demo._country import Country, Floats, Ints, assumptions, country
from fordel.tables.citizens import CONDITIONS

Columns = dict[str, npt.NDArray[Any]]

BANDS = {"age": tuple(range(5, 100, 5)), "distance_km": (2, 5, 10), "reach": (5, 6, 7)}
FIRST_CODE = {"sex": 1, "education": 1, "work": 1, "income_fifth": 1, "origin": 1}
_TILTS = np.array([-4.0, -2.0, 0.0, 2.0, 4.0])


def draw(strata: Ints, hardship: Floats, chance: np.random.Generator) -> Columns:
    """Draw the characteristics of citizens.

    Args:
        strata: for each citizen, the index into municipality x sex x age group.
        hardship: by municipality; moves education, work, income and illness.
        chance: the source of chance.

    Returns:
        columns by their names in ``Citizens``, and ``place`` (municipality index) and ``practice`` (practice index).
    """
    land = country()
    place, sex, group = np.unravel_index(strata, land.people.shape)
    rows = len(strata)
    age = group * 5 + chance.integers(0, 5, rows)
    standing = chance.standard_normal(rows) - 0.5 * hardship[place]
    frailty = 0.95 * chance.standard_normal(rows) - 0.3 * standing + 0.3 * hardship[place]
    columns: Columns = {"place": place, "sex": (sex + 1).astype(np.int8), "age": age.astype(np.int16)}
    columns |= _social(age, standing, chance) | _illness(age, sex, frailty, chance)
    return columns | _supply(land, place, chance)


def _social(age: Ints, standing: Floats, chance: np.random.Generator) -> Columns:
    rows = len(age)
    # Later-born citizens stay longer at school.
    schooling = standing + 0.012 * (50 - np.minimum(age, 80)) + 0.6 * chance.standard_normal(rows)
    education = 1 + np.searchsorted([-0.6, 0.65, 0.95, 1.9], schooling)
    purse = standing + 0.8 * chance.standard_normal(rows) - 0.4 * (age >= 67) - 0.4 * ((age > 18) & (age < 27))
    income = 1 + np.searchsorted([-1.25, -0.5, 0.1, 0.85], purse)
    lot = chance.random(rows) + 0.10 * np.clip(-standing, -1, 2)
    grown = np.select([lot > 0.97, lot > 0.90, lot > 0.86], [6, 4, 3], 1)
    studying = (age < 16) | ((age < 30) & (chance.random(rows) < np.clip((30 - age) / 14, 0, 1) * 0.9))
    retired = (age >= 67) | ((age >= 60) & (chance.random(rows) < 0.15))
    alone_by_age = np.interp(age, [0, 17, 22, 35, 60, 75, 95], [0.12, 0.12, 0.45, 0.25, 0.27, 0.35, 0.75])
    origin_lot, settled = chance.random(rows), 0.84 + 0.0015 * age
    return {
        "education": education.astype(np.int8),
        "work": np.select([retired, studying], [5, 2], grown).astype(np.int8),
        "income_fifth": income.astype(np.int8),
        "lives_alone": (chance.random(rows) < alone_by_age).astype(np.int8),
        "origin": np.select([origin_lot > settled + 0.05, origin_lot > settled], [3, 2], 1).astype(np.int8),
    }


def _illness(age: Ints, sex: Ints, frailty: Floats, chance: np.random.Generator) -> Columns:
    columns: Columns = {}
    for condition in CONDITIONS:
        at_20, at_80, women = assumptions()["conditions"][condition]
        slope = np.log(at_80 / at_20) / 60
        odds = at_20 * np.exp(slope * (np.clip(age, 5, 95) - 20) + 0.8 * frailty - 0.32)
        odds *= np.where(sex == 1, 2 * women, 2.0) / (1 + women)
        columns[condition] = (chance.random(len(age)) < odds / (1 + odds)).astype(np.int8)
    return columns


def _supply(land: Country, place: Ints, chance: np.random.Generator) -> Columns:
    rows = len(place)
    # A share of 1 less rounding must not fall into the next municipality.
    pair = np.searchsorted(land.listed_until, place + np.minimum(chance.random(rows), 1 - 1e-9), side="right")
    reach = np.round(land.reach[place] + 0.6 * chance.standard_normal(rows))
    return {
        "practice": land.listed[pair],
        "distance_km": np.minimum(chance.gamma(1.5, land.rural[place] / 1.5), 60).astype(np.int16),
        "reach": np.clip(reach, 1, 20).astype(np.int16),
        "practice_open": (chance.random(rows) < np.interp(land.reach[place], [4, 8], [0.35, 0.9])).astype(np.int8),
    }


def effect(columns: Columns, table: str) -> Floats:
    """Sum the true effects, "effects" or "supply_effects" of citizens.toml, on the log of yearly contacts."""
    effects = dict(assumptions()[table])
    total = np.full(len(columns["age"]), effects.pop("constant", 0.0))
    for name, values in effects.items():
        total += _centred(name, values)[level_of(name, columns[name])]
    return cast("Floats", total)


def level_of(name: str, column: npt.NDArray[Any]) -> Ints:
    """Give each citizen's level of a characteristic: 0 is the first in citizens.toml."""
    if name in BANDS:
        return np.searchsorted(BANDS[name], column, side="right")
    return column.astype(np.int64) - FIRST_CODE.get(name, 0)


def _centred(name: str, values: list[float]) -> Floats:
    """Ages are counted from those of 40 to 44 years, all else from its first level."""
    effects = np.array(values)
    return effects - effects[8] if name == "age" else effects


@cache
def calibrated_hardship() -> Floats:
    """Find each municipality's hardship so that its citizens use general practice as much as published.

    Three municipal means are published; the others lie on a line from the lowest to the highest by share of elderly.
    """
    land, published = country(), assumptions()["municipal_means"]
    known = {land.codes.index(code): mean for code, mean in published.items() if code != "source"}
    lowest, highest = min(known.values()), max(known.values())
    ends = np.quantile(land.elderly, [0.05, 0.97])
    wanted = np.interp(land.elderly, ends, [lowest + 0.2, highest - 0.2])
    wanted[list(known)] = list(known.values())
    each = 3000
    shares = land.people.reshape(len(land.codes), -1)
    edges = np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)
    ranks = (np.arange(each) + 0.5) / each
    strata = np.concatenate([np.searchsorted(edge, ranks) + at * shares.shape[1] for at, edge in enumerate(edges)])
    reached = np.stack([_mean_use(strata, tilt, each) for tilt in _TILTS])
    return np.array([np.interp(wanted[at], reached[:, at], _TILTS) for at in range(len(land.codes))])


def _mean_use(strata: Ints, tilt: float, each: int) -> Floats:
    columns = draw(strata, np.full(len(country().codes), tilt), np.random.default_rng(1))
    use = np.exp(effect(columns, "effects") + effect(columns, "supply_effects"))
    return cast("Floats", use.reshape(-1, each).mean(axis=1))
