"""Models that others fitted and published (offentliggjorte modeller), as fitted models: no row of data behind them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from fordel.need.design import Covariate, Design, Level, NeedError
from fordel.need.fit import Fitted, Part
from fordel.need.frames import scoring_of
from fordel.need.layout import layout_of
from fordel.tables.people import AGE_GROUPS

if TYPE_CHECKING:
    from fordel.need.cells import Floats
    from fordel.need.layout import Layout

_SEXES = (Level("male", "mand", 1), Level("female", "kvinde", 2))
_MIDDLE = 8  # 40-44 years


@dataclass(frozen=True)
class Origin:
    """Where a published model comes from.

    Attributes:
        name: short name, of files and tables.
        title, dansk: for people.
        source: who published it, and where.
        unit: of expected use; weights have none of their own.
        period: first and last year it describes.
        synthetic: whether it is made up.
    """

    name: str
    title: str
    dansk: str
    source: str
    unit: str = "weighted citizens / citizen"
    period: tuple[int, int] | None = None
    synthetic: bool = False


def design_by_sex_and_age(origin: Origin) -> Design:
    """Give the model whose levels are sex and five-year age, each pair with a weight of its own."""
    breaks = tuple(range(5, 100, 5))
    bands = tuple(Level(name, name) for name in (*(f"{a}-{a + 4}" for a in range(0, 95, 5)), "95+"))
    age = Covariate("age", "alder", "age", bands, breaks, _MIDDLE, least=0, most=130, source=origin.source)
    sex = Covariate("sex", "køn", "sex", _SEXES, source=origin.source)
    return Design(
        name=origin.name,
        title=origin.title,
        dansk=origin.dansk,
        outcome="weight",
        unit=origin.unit,
        covariates=(age, sex),
        interactions=(("age", "sex"),),
        source=origin.source,
    )


def weights_as_model(weights: pl.DataFrame, origin: Origin) -> Fitted:
    """Give published weights by sex and age as a fitted model that weighs anyone to the same weight.

    Args:
        weights: valid by ``tables.PublishedWeights``.
        origin: where they come from.

    Raises:
        NeedError: a sex and age group has no weight; all of them are named.
    """
    design = design_by_sex_and_age(origin)
    known = {
        (sex, age): float(np.log(weight))
        for sex, age, weight in weights.select("sex", "age_group", "weight").iter_rows()
    }
    wanted = [(level.name, age) for age in AGE_GROUPS for level in _SEXES]
    if gaps := [f"{sex} {age}" for sex, age in wanted if (sex, age) not in known]:
        raise NeedError(
            f"The table has no weight for {', '.join(gaps)}.\n  Try: a row for each sex and five-year age group"
        )
    logs = np.array([[known[level.name, age] for level in _SEXES] for age in AGE_GROUPS])
    base, by_age, by_sex = logs[_MIDDLE, 0], logs[:, 0] - logs[_MIDDLE, 0], logs[_MIDDLE, 1] - logs[_MIDDLE, 0]
    ages = [at for at in range(len(AGE_GROUPS)) if at != _MIDDLE]
    both = [logs[at, 1] - base - by_age[at] - by_sex for at in ages]
    return _fitted(design, np.array([base, *by_age[ages], by_sex, *both]), weights, origin)


def coefficients_as_model(design: Design, coefficients: pl.DataFrame, origin: Origin) -> Fitted:
    """Give published coefficients as a fitted model.

    Args:
        design: the model they are of; its terms are named as ``fordel need fit`` names them.
        coefficients: valid by ``tables.PublishedCoefficients``.
        origin: where they come from.

    Raises:
        NeedError: terms are missing or not of the model; all of them are named. Or the model has two equations.
    """
    if design.family == "two_part":
        raise NeedError("A two-part model has two equations; publish it as the folder that `fordel need fit` writes.")
    layout = _layout(design)
    found = dict(coefficients.select("term", "coefficient").iter_rows())
    terms = [term.name for term in layout.terms]
    missing, strange = [t for t in terms if t not in found], [t for t in found if t not in terms]
    if missing or strange:
        faults = [f"  The table lacks {', '.join(missing)}."] if missing else []
        faults += [f"  The model has no term {', '.join(strange)}."] if strange else []
        raise NeedError("\n".join([f"The coefficients are not those of the model {design.name}:", *faults]))
    return _fitted(design, np.array([found[term] for term in terms]), coefficients, origin)


def _layout(design: Design) -> Layout:
    """Lay out a model in which every level has somebody."""
    return layout_of(design, {c.name: np.arange(c.radix) < len(c.fitted_levels) for c in design.categorical})


def _fitted(design: Design, coefficients: Floats, published: pl.DataFrame, origin: Origin) -> Fitted:
    """Make a fitted model. The nation's shares of levels are not published: all levels count the same."""
    if not np.isfinite(coefficients).all():
        raise NeedError("Every coefficient must be a number.")
    alpha = 1.0 if design.family == "nb2" else None
    scoring = scoring_of(design, "mean", alpha)
    part = Part("mean", _layout(design), coefficients, {}, float("nan"), float("nan"), 0, scoring)
    equal = {
        c.name: cast("Floats", np.full(len(c.fitted_levels), 1 / len(c.fitted_levels))) for c in design.categorical
    }
    if design.linear:
        names = ", ".join(c.name for c in design.linear)
        raise NeedError(f"A published model needs levels; {names} enter as numbers, whose national mean is not known.")
    return Fitted(
        design=design,
        parts=(part,),
        shares=equal,
        means={},
        citizens=0,
        exposure=0.0,
        use=0,
        excluded=(),
        cell_count=0,
        fingerprint=hashlib.sha256(published.write_csv().encode()).hexdigest(),
        period=origin.period,
        source=origin.source,
        synthetic=origin.synthetic,
    )


@dataclass(frozen=True, eq=False)
class Lists:
    """Published weighted lists, scaled to a mean of exactly 1.

    Attributes:
        sums: ``list_id, people, weighted_citizens, mean_weight``, and ``amount_per_weighted`` where amounts are known.
        mean_before: mean weight as published.
        left_out: lists with nobody, or whose people or weights are not given.
    """

    sums: pl.DataFrame
    mean_before: float
    left_out: int


def scaled_lists(published: pl.DataFrame) -> Lists:
    """Scale published weighted lists so that the mean weight of their people is 1.

    Args:
        published: valid by ``tables.PublishedLists`` or ``PaidLists``.

    Raises:
        NeedError: no list has people and weights.
    """
    whole = published.filter((pl.col("people") > 0) & (pl.col("weighted_citizens") > 0))
    if whole.is_empty():
        raise NeedError("No list has both people and weighted citizens above 0: there is nothing to weigh by.")
    people, weighted = (float(whole[name].sum()) for name in ("people", "weighted_citizens"))
    mean = weighted / people
    paid = {"amount_per_weighted": pl.col("amount") / pl.col("weighted_citizens")} if "amount" in whole.columns else {}
    sums = whole.with_columns(**paid).with_columns(pl.col("weighted_citizens") / mean)
    sums = sums.with_columns(mean_weight=pl.col("weighted_citizens") / pl.col("people")).sort("list_id")
    return Lists(sums, mean, published.height - whole.height)
