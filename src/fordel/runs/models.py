"""Fitted need models and their weights as frozen outcomes, and snapshots weighed by them."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.need import Fitted, fitted_of, frames_of, practices_unweighed
from fordel.need.draws import grouped, spread_of_weights, weight_draws
from fordel.runs.need_record import Kind, NeedRecord
from fordel.tables import WeightedSums

if TYPE_CHECKING:
    from fordel.need import Lists, Origin, Weighed
    from fordel.need.cells import Floats, Ints
    from fordel.need.draws import Placed
    from fordel.tables import Tables

NOT_STATED = "not stated"


def model_record(fitted: Fitted, *, licence: str = NOT_STATED) -> NeedRecord:
    """Freeze a fitted model (estimeret behovsmodel)."""
    design = fitted.design
    facts = {
        "name": design.name,
        "title": design.title,
        "dansk": design.dansk,
        "unit": design.unit,
        "unit_dansk": design.unit_dansk or design.unit,
        "family": str(design.family),
        "source": fitted.source,
        "period": _years(fitted.period),
        "synthetic": "yes" if fitted.synthetic else "no",
        "citizens": str(fitted.citizens),
        "licence": licence,
        "fordel": version("fordel"),
    }
    return NeedRecord(Kind.MODEL, facts, frames_of(fitted))


def model_of(record: NeedRecord) -> Fitted:
    """Give back the model that a record holds.

    Raises:
        NeedError: the frames are not of one model.
    """
    return fitted_of(dict(record.frames))


def weights_record(model: NeedRecord, weighed: Weighed, *, fewest: int, citizens: str, synthetic: bool) -> NeedRecord:
    """Freeze weighted citizens per municipality and practice (sygdomsvægtede borgere).

    A practice with fewer than ``fewest`` of the citizens weighed is left out, and counted: its sum could point at one.

    Args:
        model: what they were weighed by.
        weighed: by ``practice_id`` and ``municipality``.
        fewest: citizens a sum must be of.
        citizens, synthetic: what the table of citizens is called, and whether they are made up.
    """
    homes, lists = _sums(weighed, "municipality", "municipality"), _sums(weighed, "practice_id", "practice")
    told = lists.filter(pl.col("people") >= fewest)
    facts = {
        **{name: model.facts[name] for name in ("name", "title", "dansk", "unit", "period", "licence")},
        "model": model.record_id,
        "source": citizens,
        "synthetic": "yes" if synthetic or model.synthetic else "no",
        "citizens": str(int(weighed.groups["people"].sum())),
        "mean_use": repr(weighed.mean_use),
        "supply_neutral": "yes" if weighed.supply_neutral else "no",
        "practices_left_out": str(lists.height - told.height),
        "fordel": version("fordel"),
    }
    sums = pl.DataFrame(WeightedSums.validate(pl.concat([homes, told]), cast=True))
    few = pl.col("citizens") < fewest
    unknown = weighed.not_in_model.select(
        "covariate", "reason", citizens=pl.when(few).then(pl.lit(f"fewer than {fewest}")).otherwise("citizens")
    )
    return NeedRecord(Kind.WEIGHTS, facts, {"weighted_sums": sums, "not_in_model": unknown})


def drawn(fitted: Fitted, weights: NeedRecord, placed: Placed, draws: int, seed: int) -> NeedRecord:
    """Add draws of mean weights, and the spread of weights within a list, to frozen weights.

    Args:
        fitted: the model that weighed.
        weights: its weights; only areas told there are told here.
        placed: the nation's people by ``practice_id`` and ``municipality``.
        draws, seed: how many, and from where chance starts.

    Raises:
        NeedError: nothing can be drawn from the model.
    """
    every = weight_draws(fitted, placed, draws, seed)
    people = np.bincount(placed.group, weights=placed.people, minlength=placed.groups.height).astype(np.float64)
    frames, spreads = [], []
    for column, level in (("municipality", "municipality"), ("practice_id", "practice")):
        part = grouped(placed, column)
        at = part.groups.with_row_index("at")
        index = (
            placed.groups.join(at, on=column, how="left", maintain_order="left")["at"]
            .cast(pl.Int64)
            .fill_null(-1)
            .to_numpy()
        )
        means = _summed(every * people[:, None], index, part.groups.height) / _summed(
            people[:, None], index, part.groups.height
        )
        ids = part.groups.select(level=pl.lit(level), area_id=pl.col(column))
        frames.append(pl.concat([ids, pl.DataFrame(means, [str(d) for d in range(draws)])], how="horizontal"))
        spreads.append(ids.with_columns(weight_spread=pl.Series(spread_of_weights(fitted, part))))
    told = weights.frames["weighted_sums"].select(pl.col("level").cast(pl.String), "area_id")
    kept = {
        name: pl.concat(parts).join(told, on=["level", "area_id"], how="semi", maintain_order="left")
        for name, parts in (("draws", frames), ("spread", spreads))
    }
    return NeedRecord(Kind.WEIGHTS, {**weights.facts, "seed": str(seed)}, {**weights.frames, **kept})


def _summed(rows: Floats, index: Ints, count: int) -> Floats:
    """Sum rows by group; rows of group -1 are left out."""
    total = np.zeros((count, rows.shape[1]))
    np.add.at(total, index[index >= 0], rows[index >= 0])
    return total


def lists_record(lists: Lists, origin: Origin, *, licence: str = NOT_STATED) -> NeedRecord:
    """Freeze weighted lists that others published."""
    sums = lists.sums.select(
        level=pl.lit("practice"),
        area_id=pl.col("list_id"),
        people=pl.col("people").round().cast(pl.Int64),
        weighted_citizens=pl.col("weighted_citizens"),
    )
    facts = {
        "name": origin.name,
        "title": origin.title,
        "dansk": origin.dansk,
        "unit": origin.unit,
        "period": _years(origin.period),
        "licence": licence,
        "model": "published",
        "source": origin.source,
        "synthetic": "yes" if origin.synthetic else "no",
        "citizens": str(int(sums["people"].sum())),
        "mean_use": "not published",
        "mean_before": repr(lists.mean_before),
        "supply_neutral": NOT_STATED,
        "practices_left_out": str(lists.left_out),
        "fordel": version("fordel"),
    }
    unknown = pl.DataFrame(schema={"covariate": pl.String, "reason": pl.String, "citizens": pl.String})
    told = pl.DataFrame(WeightedSums.validate(sums, cast=True))
    return NeedRecord(Kind.WEIGHTS, facts, {"weighted_sums": told, "not_in_model": unknown})


def _years(period: tuple[int, int] | None) -> str:
    return "-".join(str(year) for year in dict.fromkeys(period or ()))


def _sums(weighed: Weighed, column: str, level: str) -> pl.DataFrame:
    if column not in weighed.groups.columns:
        return pl.DataFrame(
            schema={"level": pl.String, "area_id": pl.String, "people": pl.Int64, "weighted_citizens": pl.Float64}
        )
    sums = weighed.by(column).filter(pl.col(column).is_not_null())
    return sums.select(pl.lit(level).alias("level"), pl.col(column).alias("area_id"), "people", "weighted_citizens")


def weighted_tables(tables: Tables, weights: NeedRecord) -> Tables:
    """Give a snapshot weighed by a need model, with a source that says so.

    Practices that the weights do not know get the mean weight of where their patients live; the note counts them.
    """
    sums = weights.frames["weighted_sums"]
    without = practices_unweighed(tables.weighted_by(sums, tables.sources.clear()))
    facts = weights.facts
    count, patients = without.height, int(without["patients"].sum())
    note = (
        f"Weights by the need model {facts['name']} on {facts['citizens']} citizens of {facts['source']}. "
        f"{count} practices ({patients} patients) have no sum of their own and get the mean weight of where their "
        "patients live."
    )
    note_dansk = (
        f"Vægtet med behovsmodellen {facts['name']} på {facts['citizens']} borgere fra {facts['source']}. "
        f"{count} praksis ({patients} tilmeldte) har ingen egen sum og får den gennemsnitlige vægt, hvor deres "
        "tilmeldte bor."
    )
    source = pl.DataFrame(
        {
            "source_id": f"need-model-{facts['model'][:12]}",
            "tables": "weighted_sums",
            "title": facts["dansk"],
            "licence": facts["licence"],
            "attribution": f"Behovsmodellen {facts['name']}, {facts['source']}",
            "vintage": facts["period"] or NOT_STATED,
            "synthetic": weights.synthetic,
            "note": note,
            "note_dansk": note_dansk,
        }
    )
    return tables.weighted_by(sums, source)
