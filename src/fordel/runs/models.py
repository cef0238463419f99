"""Fitted need models and their weights as frozen outcomes, and snapshots weighed by them."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import polars as pl

from fordel.need import Fitted, fitted_of, frames_of, practices_unweighed
from fordel.runs.need_record import Kind, NeedRecord
from fordel.tables import WeightedSums

if TYPE_CHECKING:
    from fordel.need import Weighed
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
        "family": str(design.family),
        "source": fitted.source,
        "period": "-".join(str(year) for year in dict.fromkeys(fitted.period or ())),
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
    homes = _sums(weighed, "municipality", "municipality")
    lists = _sums(weighed, "practice_id", "practice")
    told = lists.filter(pl.col("people") >= fewest)
    facts = {
        **{name: model.facts[name] for name in ("name", "title", "dansk", "unit", "period", "licence")},
        "model": model.record_id,
        "source": citizens,
        "synthetic": "yes" if synthetic or model.synthetic else "no",
        "citizens": str(int(homes["people"].sum())),
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


def _sums(weighed: Weighed, column: str, level: str) -> pl.DataFrame:
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
