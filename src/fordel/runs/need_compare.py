"""Two need models side by side (modelsammenligning): coefficients, what the other moves, and how stable weights are."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import polars as pl

from fordel.allocation import treatment_need
from fordel.need import NeedError
from fordel.need.diagnostics import stability
from fordel.runs.models import model_of
from fordel.runs.need_record import Kind, NeedRecord

if TYPE_CHECKING:
    from fordel.law import Law

BIG_CHANGE = 0.05  # of a mean weight


def compare_models(
    models: tuple[NeedRecord, NeedRecord],
    weights: tuple[NeedRecord, NeedRecord] | None = None,
    *,
    law: Law,
    people: pl.DataFrame | None = None,
) -> NeedRecord:
    """Set a need model beside another, such as last year's.

    Args:
        models: the one, and the other.
        weights: what each weighs to; none: coefficients only.
        law: on the day whose norm turns weighted citizens into capacities.
        people: ``municipality, people`` of the nation; none: the citizens that the first weights are of.

    Returns:
        a record with ``coefficients`` (as `stability`, and terms that one of them lacks), and of weights
        ``municipalities`` (``area_id, people, one, other`` mean weights, ``change`` in capacities), ``practices`` (mean
        weights) and ``measures`` of how stable both are.

    Raises:
        NeedError: weights are of another model.
    """
    frames = {"coefficients": _coefficients(models)}
    if weights is not None:
        for model, weighed in zip(models, weights, strict=True):
            if weighed.facts["model"] != model.record_id:
                raise NeedError(
                    f"The weights of {weighed.facts['source']} are of another model than {model.facts['name']}.\n"
                    "  Try: the folder that `fordel need weigh` wrote with that model"
                )
        frames["municipalities"] = _moved(law, _means(weights, "municipality"), people)
        frames["practices"] = _means(weights, "practice").select("area_id", "one", "other")
        frames["measures"] = pl.concat(_measures(level, frames[level]) for level in ("municipalities", "practices"))
    facts = {f"{at}: {name}": each.facts[name] for at, each in _named(models) for name in ("name", "title", "source")}
    facts |= {at: each.record_id for at, each in _named(models)}
    synthetic = any(record.synthetic for record in (*models, *(weights or ())))
    facts |= {"synthetic": "yes" if synthetic else "no", "law_date": str(law.day), "fordel": version("fordel")}
    return NeedRecord(Kind.COMPARISON, facts, frames)


def _named(records: tuple[NeedRecord, NeedRecord]) -> zip[tuple[str, NeedRecord]]:
    return zip(("one", "other"), records, strict=True)


def _coefficients(models: tuple[NeedRecord, NeedRecord]) -> pl.DataFrame:
    """Give every term that either has: those of both first, in the order of the first model."""
    both = stability(*(model_of(model) for model in models))
    alone = [
        model.frames["coefficients"]
        .select("part", "term", pl.col("coefficient").alias(name))
        .join(both, on=("part", "term"), how="anti", maintain_order="left")
        for name, model in _named(models)
    ]
    return pl.concat([both, *alone], how="diagonal")


def _means(weights: tuple[NeedRecord, NeedRecord], level: str) -> pl.DataFrame:
    """Give mean weights of the areas that both know: ``area_id, people, one, other``."""
    one, other = (
        each.frames["weighted_sums"]
        .filter(pl.col("level").cast(pl.String) == level)
        .select("area_id", "people", (pl.col("weighted_citizens") / pl.col("people")).alias(name))
        for name, each in _named(weights)
    )
    return one.join(other.drop("people"), on="area_id").sort("area_id")


def _moved(law: Law, means: pl.DataFrame, people: pl.DataFrame | None) -> pl.DataFrame:
    """Say how much need the other model moves to each municipality; over the nation nothing changes."""
    if people is not None:
        means = means.drop("people").join(people.rename({"municipality": "area_id"}), on="area_id").sort("area_id")
    weighted = (pl.col(name) * pl.col("people") for name in ("one", "other"))
    before, after = (law.apply(treatment_need, each * pl.col("people").sum() / each.sum()) for each in weighted)
    return means.select("area_id", "people", "one", "other", change=after - before)


def _measures(level: str, means: pl.DataFrame) -> pl.DataFrame:
    """Say how alike two sets of weights are; areas count alike."""
    one, other = pl.col("one"), pl.col("other")
    moved = ((other - one) / one).abs()
    return means.select(
        pl.lit(level).alias("level"),
        pl.len().alias("areas"),
        correlation=pl.corr(one, other),
        rank_correlation=pl.corr(one, other, method="spearman"),
        mean_change=moved.mean(),
        changed_much=(moved > BIG_CHANGE).mean(),
    )
