"""Check a need model through and through, and freeze what was found: tables of sums, no person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.allocation import treatment_need
from fordel.need import Family, NeedError, fit, fit_cells, weigh_citizens
from fordel.need.cells import together
from fordel.need.diagnostics import areas, calibration, equations, measures, ratios, stability
from fordel.runs.models import model_of
from fordel.runs.need_record import Kind, NeedRecord
from fordel.runs.specifications import BY, data_year, specifications

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fordel.law import Law
    from fordel.need import CitizenSource, Fitted
    from fordel.need.cells import Cells, Ints
    from fordel.runs.specifications import Specification

    Tell = Callable[[str], None]

MEASURES = ("citizens", "r2", "cpm", "mape", "deviance_explained", "ratio", "practice_r2", "practices_far_off")

MOVES = {
    "specification": pl.String,
    "kind": pl.String,
    "municipality": pl.String,
    "mean_weight": pl.Float64,
    "change": pl.Float64,
}
NAMES = {"area_id": pl.String, "name": pl.String}
SHAPES = {"municipality": pl.String, "geometry": pl.Binary}


@dataclass(frozen=True, eq=False)
class Checked:
    """What a check is made of.

    Attributes:
        model: the model.
        citizens: those it was fitted on.
        law: on the day whose norm turns weighted citizens into capacities.
        councils: municipalities by health council; empty: none is left out.
        people: ``municipality, people`` of the nation; none: the citizens themselves.
        held_out: other citizens, such as those of another year.
        names: ``area_id, name``; areas without one are shown by their code.
        area_shapes: ``municipality, geometry``; none: no map.
    """

    model: NeedRecord
    citizens: CitizenSource
    law: Law
    councils: Mapping[str, list[str]] = field(default_factory=dict)
    people: pl.DataFrame | None = None
    held_out: CitizenSource | None = None
    names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NAMES))
    area_shapes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHAPES))


def check_model(asked: Checked, tell: Tell) -> NeedRecord:
    """Check a model: measures, calibration, ratios by group and area, other specifications, another year.

    Of citizens that are not known by municipality, as those of a study, no area is compared; of those not known by
    municipality and practice, no need is said to move.

    Args:
        asked: what to check it on.
        tell: told what is being done.

    Raises:
        NeedError: the citizens do not fit the model.
    """
    fitted, citizens = model_of(asked.model), asked.citizens
    design = fitted.design
    tell("Comparing fitted with observed use")
    cells = _cells_of_the_fit(fitted, citizens)
    known = citizens if citizens.has("municipality") else None
    frames = {"ratios": ratios(fitted, cells), "municipalities": areas(fitted, known, "municipality")}
    samples = {"fitted": (measures(fitted, citizens, design.practice), calibration(fitted, cells))}
    years: list[Specification] = []
    if asked.held_out is not None:
        tell(f"Comparing with {asked.held_out.name}")
        other = asked.held_out.cells(design)
        samples["held_out"] = measures(fitted, asked.held_out, design.practice), calibration(fitted, other)
        frames["held_out_ratios"] = ratios(fitted, other)
        of_other_year = fit(design, asked.held_out)
        frames["stability"] = stability(fitted, of_other_year)
        years = [data_year(of_other_year, citizens)]
    frames["councils"] = _councils(fitted, asked, tell)
    tried = [*specifications(fitted, citizens, tell), *years]
    frames["measures"] = _measures({name: found for name, (found, _) in samples.items()}, tried)
    frames["calibration"] = pl.concat(
        [frame.select(pl.lit(name).alias("sample"), pl.all()) for name, (_, frame) in samples.items()]
    )
    frames["moves"] = _moves(fitted, asked, [one for one in tried if one.groups is not None])
    frames["practice_weights"] = _practice_weights(design.fewest, tried)
    faults = [(one.name, one.fault) for one in tried if one.fault]
    frames["not_fitted"] = pl.DataFrame(faults, schema={"specification": pl.String, "why": pl.String}, orient="row")
    return NeedRecord(Kind.CHECK, _facts(asked), frames | {"names": asked.names, "area_shapes": asked.area_shapes})


def _cells_of_the_fit(fitted: Fitted, citizens: CitizenSource) -> Cells:
    cells = citizens.cells(fitted.design)
    if fitted.fingerprint != cells.fingerprint:
        raise NeedError(
            f"{citizens.name} are not the citizens the model was fitted on.\n"
            "  Try: those citizens first, and these with --held-out"
        )
    return cells


def _facts(asked: Checked) -> dict[str, str]:
    facts = {name: asked.model.facts[name] for name in ("name", "title", "dansk", "unit", "period", "synthetic")}
    held_out = asked.held_out
    facts |= {"model": asked.model.record_id, "source": asked.citizens.name}
    return facts | {"held_out": held_out.name if held_out else "", "fordel": version("fordel")}


def _measures(samples: dict[str, dict[str, float]], tried: list[Specification]) -> pl.DataFrame:
    rows = [{"sample": name, "specification": "model", **found} for name, found in samples.items()]
    rows += [{"sample": "fitted", "specification": one.name, **one.measures} for one in tried]
    schema = {"sample": pl.String, "specification": pl.String, **dict.fromkeys(MEASURES, pl.Float64)}
    return pl.DataFrame(rows, schema=schema)


def _councils(fitted: Fitted, asked: Checked, tell: Tell) -> pl.DataFrame:
    """Fit without each health council in turn, and compare what that fit expects of it with what was seen there.

    Returns:
        ``area_id, citizens, observed, fitted, ratio, ratio_left_out``; no rows without councils.
    """
    plain = replace(fitted.design, practice=None)
    parts = {name: asked.citizens.where("municipality", codes) for name, codes in asked.councils.items()}
    cells = {name: part.cells(plain) for name, part in parts.items()}
    seen = {name: part.histogram(plain) for name, part in parts.items()} if plain.family is Family.NB2 else {}
    rows = []
    for name, part in parts.items():
        tell(f"Leaving out {name}")
        others = [other for other in parts if other != name]
        histogram = _histogram([seen[other] for other in others]) if seen else None
        without = fit_cells(together([cells[other] for other in others]), histogram)
        inside, left_out = _whole(fitted, part), _whole(without, part)
        rows.append({"area_id": name, **inside, "ratio_left_out": left_out["ratio"]})
    schema = {"area_id": pl.String, "citizens": pl.Int64, "observed": pl.Int64, "fitted": pl.Float64}
    return pl.DataFrame(rows, schema={**schema, "ratio": pl.Float64, "ratio_left_out": pl.Float64})


def _histogram(parts: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Add histograms of use."""
    amounts, at = np.unique(np.concatenate([amount for amount, _ in parts]), return_inverse=True)
    counts = np.bincount(at, weights=np.concatenate([count for _, count in parts]))
    return amounts, counts.astype(np.int64)


def _whole(fitted: Fitted, citizens: CitizenSource) -> dict[str, float]:
    row = citizens.use_by(fitted.design, equations(fitted), ()).row(0, named=True)
    return {**row, "ratio": row["fitted"] / row["observed"]}


def _moves(fitted: Fitted, asked: Checked, tried: list[Specification]) -> pl.DataFrame:
    """Say what each specification would change in each municipality.

    Returns:
        ``specification, kind, municipality, mean_weight`` (by the specification) and ``change`` (of treatment need
        against the model; over the nation nothing changes). Unit of change: capacities.
    """
    if not tried:
        return pl.DataFrame(schema=MOVES)
    model = _means(weigh_citizens(fitted, asked.citizens, BY).groups).rename({"mean_weight": "before"})
    if asked.people is not None:
        model = model.drop("people").join(asked.people, on="municipality", how="inner")
    frames = []
    for one in tried:
        assert one.groups is not None  # noqa: S101 - the caller has kept those that weigh
        both = model.join(_means(one.groups).drop("people"), on="municipality").sort("municipality")
        weighted = (pl.col(mean) * pl.col("people") for mean in ("mean_weight", "before"))
        need = [asked.law.apply(treatment_need, each * pl.col("people").sum() / each.sum()) for each in weighted]
        changed = both.select("municipality", "mean_weight", change=need[0] - need[1])
        names = {"specification": one.name, "kind": one.kind}
        frames.append(changed.select(*(pl.lit(v).alias(k) for k, v in names.items()), pl.all()))
    return pl.concat(frames)


def _practice_weights(fewest: int, tried: list[Specification]) -> pl.DataFrame:
    """Give what each specification weighs lists to: ``practice_id`` and a column for each; few are left out."""
    frame = pl.DataFrame(schema={"practice_id": pl.String})
    for one in tried:
        if one.groups is not None:
            lists = one.groups.filter(pl.col("practice_id").is_not_null()).group_by("practice_id")
            sums = lists.agg(pl.col("people", "weighted_citizens").sum()).filter(pl.col("people") >= fewest)
            means = sums.select("practice_id", (pl.col("weighted_citizens") / pl.col("people")).alias(one.name))
            frame = frame.join(means, on="practice_id", how="full", coalesce=True)
    return frame.sort("practice_id")


def _means(groups: pl.DataFrame) -> pl.DataFrame:
    sums = groups.group_by("municipality").agg(pl.col("people", "weighted_citizens").sum()).sort("municipality")
    return sums.select("municipality", "people", mean_weight=pl.col("weighted_citizens") / pl.col("people"))
