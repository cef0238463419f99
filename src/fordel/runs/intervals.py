"""How sure a plan's numbers are (usikkerhed): draws and other specifications of its need model, by the same rules."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from fordel import allocation, minimum
from fordel.law import LawError
from fordel.need import need_weight
from fordel.runs.execute import execute
from fordel.runs.models import weighted_tables
from fordel.runs.need_record import Kind, NeedRecord
from fordel.runs.specifications import YEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from fordel.law import Law
    from fordel.need.cells import Floats, Ints
    from fordel.runs.record import Run
    from fordel.tables import Tables

    Tell = Callable[[str], None]

LEVEL = (0.025, 0.975)  # ends of a 95 % interval


@dataclass(frozen=True, eq=False)
class Possible:
    """Mean weights that could have been, one column each; rows as ``municipalities`` and ``practices``.

    Attributes:
        municipalities, practices: ids, sorted.
        homes, lists: mean weights; shapes (municipalities, columns), (practices, columns). NaN: not known.
    """

    municipalities: list[str]
    practices: list[str]
    homes: Floats
    lists: Floats


def intervals(law: Law, tables: Tables, weights: NeedRecord, check: NeedRecord | None, tell: Tell) -> NeedRecord:
    """Say how far ceilings and indicative minimums move with what the need model leaves open.

    Kinds, kept apart and together: ``draws`` (sampling and practice style), ``specifications`` (other variables and
    families, and supply counted as need), ``years`` (the same model fitted on another year's citizens, where the check
    had them), and ``all``, where each draw is of a specification or year in turn.

    Args:
        law: on the plan's day.
        tables: the snapshot.
        weights: with draws.
        check: of the same model; none: specifications and years are left out.
        tell: told what is being done.

    Raises:
        LawError: the weights have no draws, or the check is of another model.
    """
    _refuse(weights, check)
    run = execute(weighted_tables(tables, weights), day=law.day)
    areas, practices = _plain(run), _noise(law, run, weights)
    for kind, possible in _kinds(run, _drawn(run, weights), check).items():
        tell(f"Making the plan {possible.homes.shape[1]:,} times: {kind}")
        areas = areas.with_columns(*_ends(kind, ceilings(law, tables, run, possible.homes), areas["ceiling"]))
        found = minimums(law, possible.lists)
        practices = practices.with_columns(*_ends(kind, found, practices["indicative_minimum"]))
    facts = {name: weights.facts[name] for name in ("name", "title", "dansk", "model", "source", "synthetic", "seed")}
    facts |= {
        "law_date": str(law.day),
        "snapshot": tables.fingerprint,
        "run": run.manifest.run_id,
        "fordel": version("fordel"),
    }
    return NeedRecord(Kind.INTERVALS, facts, {"areas": areas, "practices": practices})


def _kinds(run: Run, drawn: Possible, check: NeedRecord | None) -> dict[str, Possible]:
    """Give what could have been, by kind."""
    if check is None:
        return {"draws": drawn}
    of_kind = dict(check.frames["moves"].select("specification", "kind").unique(maintain_order=True).iter_rows())
    years = [name for name, kind in of_kind.items() if kind == YEAR]
    kinds = {"draws": drawn, "specifications": _specified(run, check, [n for n in of_kind if n not in years])}
    if years:
        kinds["years"] = _specified(run, check, years)
    return kinds | {"all": _mixed(run, drawn, _specified(run, check, list(of_kind)))}


def _refuse(weights: NeedRecord, check: NeedRecord | None) -> None:
    if "draws" not in weights.frames:
        raise LawError(
            "These weights have no draws, so nothing is known of their chance.\n  Try: fordel need weigh … --draws 1000"
        )
    if check is not None and check.facts["model"] != weights.facts["model"]:
        raise LawError("The check is of another model than the weights.\n  Try: the check of the model that weighed")


def _plain(run: Run) -> pl.DataFrame:
    of_level = run.areas.filter(pl.col("level") == "municipality").sort("area_id")
    return of_level.select("area_id", "name", "mean_weight", "need", "ceiling")


def _drawn(run: Run, weights: NeedRecord) -> Possible:
    """Give the draws of the areas of a run; lists without draws of their own are not known."""
    draws = weights.frames["draws"]
    columns = [name for name in draws.columns if name.isdigit()]
    ids = _ids(run)
    found = [
        pl.DataFrame({"area_id": wanted})
        .join(draws.filter(pl.col("level") == level), on="area_id", how="left", maintain_order="left")
        .select(columns)
        .to_numpy()
        for level, wanted in zip(("municipality", "practice"), ids, strict=True)
    ]
    return Possible(*ids, *found)


def _ids(run: Run) -> tuple[list[str], list[str]]:
    return _plain(run)["area_id"].to_list(), run.practices["practice_id"].to_list()


def _specified(run: Run, check: NeedRecord, names: list[str]) -> Possible:
    """Give what each specification weighs the areas of a run to; the model itself is not among them."""
    ids, moves = _ids(run), check.frames["moves"].filter(pl.col("specification").is_in(names))
    homes = moves.pivot("specification", index="municipality", values="mean_weight").rename({"municipality": "area_id"})
    lists = check.frames["practice_weights"].rename({"practice_id": "area_id"})
    found = [
        pl.DataFrame({"area_id": wanted}).join(frame, on="area_id", how="left", maintain_order="left").select(names)
        for frame, wanted in ((homes, ids[0]), (lists, ids[1]))
    ]
    return Possible(*ids, *(frame.to_numpy() for frame in found))


def _mixed(run: Run, drawn: Possible, specified: Possible) -> Possible:
    """Let each draw be of a specification in turn: its weights, moved as the draw moves the model's own."""
    own = _plain(run)["mean_weight"].to_numpy(), run.practices["mean_weight"].to_numpy()
    turn = np.arange(drawn.homes.shape[1]) % (specified.homes.shape[1] + 1)
    mixed = []
    for mine, chance, other in ((own[0], drawn.homes, specified.homes), (own[1], drawn.lists, specified.lists)):
        centres = np.column_stack([mine, other])[:, turn]
        mixed.append(centres * chance / mine[:, None])
    return Possible(drawn.municipalities, drawn.practices, *mixed)


def ceilings(law: Law, tables: Tables, run: Run, homes: Floats) -> Ints:
    """Give every municipality's ceiling for each column of mean weights, by the plan's own rules; same shape.

    The nation's mean weight is 1 in every column, so the total is that of the plan.
    """
    areas = run.areas.filter(pl.col("level") == "municipality").sort("area_id")
    columns = ("health_council", "region", "binding_level", "people")
    frame = areas.select(*columns, municipality="area_id", nation=pl.lit("dk"))
    of_year = tables.published_ceilings.filter(pl.col("year") == law.day.year)
    published = of_year.select(pl.col("level").cast(pl.String), "area_id", "ceiling")
    total = run.manifest.total if run.manifest.total_given else None
    return allocation.share_out_draws(law, frame, published, total, _weighted(law, frame["people"].to_numpy(), homes))


def _weighted(law: Law, people: Ints, homes: Floats) -> Floats:
    """Give disease-weighted citizens from mean weights, which the rule makes 1 over the nation; same shape."""
    frame = pl.DataFrame(homes, [str(at) for at in range(homes.shape[1])]).with_columns(people=pl.Series(people))
    weight = law.apply(need_weight, pl.exclude("people"), pl.col("people"))
    return cast("Floats", frame.select(weight * pl.col("people")).to_numpy())


def minimums(law: Law, lists: Floats) -> Floats:
    """Give every practice's indicative minimum for each column of mean weights; NaN where the weight is not known."""
    flat = pl.DataFrame({"weight": lists.ravel()}).with_columns(pl.col("weight").fill_nan(None))
    found = flat.select(law.apply(minimum.indicative_minimum, pl.col("weight"))).to_series()
    return cast("Floats", found.cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(lists.shape))


def _ends(kind: str, found: npt.NDArray[np.float64 | np.int64], planned: pl.Series) -> list[pl.Series]:
    """Give the lowest and highest (of draws: of 95 in 100), and the share of columns that leave the plan's number.

    The plan's own number is one of those that specifications and years leave possible.
    """
    few = kind in ("specifications", "years")
    at = (0.0, 1.0) if few else LEVEL
    known = ~np.isnan(found.astype(float)).any(axis=1)
    low, high = (
        np.where(known, np.quantile(np.where(known[:, None], found, 0), q, axis=1, method="nearest"), np.nan)
        for q in at
    )
    own = planned.cast(pl.Float64).to_numpy()
    if few:
        low, high = np.minimum(low, own), np.maximum(high, own)
    same = np.where(known, (found == own[:, None]).mean(axis=1), np.nan)
    named = ((f"{kind}_low", low), (f"{kind}_high", high), (f"{kind}_same", same))
    return [pl.Series(name, values).fill_nan(None) for name, values in named]


def _noise(law: Law, run: Run, weights: NeedRecord) -> pl.DataFrame:
    """Give each practice's minimum, and what list turnover alone does to it.

    Returns:
        ``practice_id, name, municipality, patients, mean_weight, indicative_minimum, minimum_sway`` (one standard
        deviation in a year). Unit: patients / capacity.
    """
    spread = weights.frames["spread"].filter(pl.col("level") == "practice").select("area_id", "weight_spread")
    frame = run.practices.join(spread, left_on="practice_id", right_on="area_id", how="left", maintain_order="left")
    sway = law.apply(minimum.minimum_sway, pl.col("indicative_minimum"), pl.col("patients"))
    # The rule's spread is the law's; a model knows that of each list.
    sway = sway * pl.col("weight_spread") / float(law.value("weight_spread"))
    columns = ("practice_id", "name", "municipality", "patients", "mean_weight", "indicative_minimum")
    return frame.select(*columns, minimum_sway=sway)
