"""The tables of the card: factors, measures, calibration, ratios, areas, moves, stability."""

from __future__ import annotations

from math import exp, sqrt
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish import formats

if TYPE_CHECKING:
    from fordel.publish.card._frame import Card
    from fordel.publish.report._frame import Table

MEASURES = (("r2", 3), ("cpm", 3), ("mape", 2), ("deviance_explained", 3), ("practice_r2", 3), ("practices_far_off", 2))
SHOWN_UNSTABLE = 15


def facts(card: Card) -> list[tuple[str, str]]:
    """Tell what the model is and whom it was fitted on."""
    known, t, licence = card.facts, card.texts, card.model.facts["licence"]
    named = [
        ("fact_outcome", card.model.facts["unit_dansk" if t.lang == "da" else "unit"]),
        ("fact_family", t(f"family_{known['family']}")),
        ("fact_source", known["source"]),
        ("fact_period", card.model.facts["period"] or t("unknown")),
        ("fact_citizens", card.number(int(known["citizens"])) if int(known["citizens"]) else t("published_only")),
        ("fact_licence", t("unknown") if licence == "not stated" else licence),
        ("fact_id", card.model.record_id[:12]),
    ]
    rows = [(t(key), value) for key, value in named]
    for fact, value in known.items():
        if fact.startswith("excluded: "):
            count = card.number(int(value)) if value.isdigit() else value
            rows.append((t("fact_excluded", why=fact.removeprefix("excluded: ")), count))
    return rows


def factors(card: Card) -> list[Table]:
    """Give each level's factor on use with its 95 % interval, one table per equation."""
    frame = card.model.frames["coefficients"]
    log = card.facts["link"] == "log"
    return [
        card.table(
            f"factors_{part}",
            (("term", None), ("factor" if log else "addition", 3), ("low", 3), ("high", 3)),
            [_factor(card, row, log=log) for row in rows.sort("place").iter_rows(named=True)],
        )
        for (part,), rows in frame.group_by("part", maintain_order=True)
    ]


def _factor(card: Card, row: dict[str, Any], *, log: bool) -> dict[str, Any]:
    error = row["practice_error"] if row["practice_error"] is not None else row["robust_error"]
    shown = [None if error is None else row["coefficient"] + step * 1.96 * error for step in (-1, 1)]
    low, high = (exp(v) if log and v is not None else v for v in shown)
    name = "factor" if log else "addition"
    return {"term": card.term(row["covariates"], row["levels"]), name: row["relativity"], "low": low, "high": high}


def measures(card: Card, check: pl.DataFrame) -> Table:
    """Tell how well the model and other specifications tell use."""
    rows = []
    for row in check.filter(pl.col("r2").is_not_null()).iter_rows(named=True):
        held_out = card.texts("held_out") if row["sample"] == "held_out" else ""
        rows.append({**row, "specification": specification(card, row["specification"]) + held_out})
    known = [(name, decimals) for name, decimals in MEASURES if any(row[name] is not None for row in rows)]
    return card.table("table_measures", (("specification", None), *known), rows)


def specification(card: Card, name: str) -> str:
    """Name a specification for people."""
    if name.startswith("without ") and name.removeprefix("without ") in card.covariates:
        return card.texts("spec_without", name=card.covariate(name.removeprefix("without ")))
    if name.startswith("fitted on "):
        return card.texts("spec_fitted_on", name=name.removeprefix("fitted on "))
    family, comma, only = name.partition(", ")
    if comma:
        return f"{card.texts(f'family_{family}')}, {specification(card, only)}"
    key = (
        f"family_{name}"
        if name in ("poisson", "nb2", "gaussian", "gamma", "two_part")
        else "spec_" + name.replace(" ", "_")
    )
    return card.texts(key)


def calibration(card: Card, frame: pl.DataFrame, sample: str) -> Table:
    """Compare observed and fitted use by tenth of citizens."""
    columns = (("decile", 0), ("citizens", 0), ("observed", 2), ("fitted", 2), ("ratio", 3))
    rows = frame.filter(pl.col("sample") == sample).iter_rows(named=True)
    return card.table(f"table_calibration_{sample}", columns, rows)


def ratios(card: Card, key: str, frame: pl.DataFrame) -> Table:
    """Compare fitted with observed use at every level."""
    rows = [{**row, "term": card.level(row["covariate"], row["level"])} for row in frame.iter_rows(named=True)]
    return card.table(key, (("term", None), ("citizens", 0), ("observed", 0), ("fitted", 0), ("ratio", 3)), rows)


def areas(card: Card, key: str, frame: pl.DataFrame, names: dict[str, str]) -> Table:
    """Compare fitted with observed use by area, in Danish order of names."""
    rows = [{**row, "area": names.get(row["area_id"], row["area_id"])} for row in frame.iter_rows(named=True)]
    rows.sort(key=lambda row: formats.danish_order(row["area"]))
    columns: list[tuple[str, int | None]] = [
        ("area", None),
        ("citizens", 0),
        ("observed", 0),
        ("fitted", 0),
        ("ratio", 3),
    ]
    if "ratio_left_out" in frame.columns:
        columns.append(("ratio_left_out", 3))
    return card.table(key, columns, rows)


def moves(card: Card, frame: pl.DataFrame, names: dict[str, str]) -> Table:
    """Tell what each specification would move, in capacities, and where most."""
    rows = []
    for (name,), rest in frame.group_by("specification", maintain_order=True):
        most, least = rest.sort("change", "municipality")[-1], rest.sort("change", "municipality")[0]
        rows.append(
            {
                "specification": specification(card, str(name)),
                "moved": rest["change"].clip(0).sum(),
                "gained": most["change"][0],
                "gains_most": names.get(most["municipality"][0], most["municipality"][0]),
                "lost": -least["change"][0],
                "loses_most": names.get(least["municipality"][0], least["municipality"][0]),
            }
        )
    rows.sort(key=lambda row: -row["moved"])
    columns = (
        ("specification", None),
        ("moved", 1),
        ("gained", 1),
        ("gains_most", None),
        ("lost", 1),
        ("loses_most", None),
    )
    return card.table("table_moves", columns, rows)


def stability(card: Card, frame: pl.DataFrame) -> Table:
    """List the terms that changed most for their error."""
    named = card.model.frames["coefficients"].select("part", "term", "covariates", "levels").iter_rows()
    terms = {(part, term): (covariates, levels) for part, term, covariates, levels in named}
    shown = frame.sort(pl.col("z").abs(), descending=True, nulls_last=True).head(SHOWN_UNSTABLE)
    rows = [{**row, "term": card.term(*terms[row["part"], row["term"]])} for row in shown.iter_rows(named=True)]
    return card.table("table_stability", (("term", None), ("one", 3), ("other", 3), ("change", 3), ("z", 2)), rows)


def spread_of_z(frame: pl.DataFrame) -> float | None:
    """Give the root mean square of z: about 1 where the two fits differ by chance alone."""
    squares = [z * z for z in frame["z"] if z is not None]
    return sqrt(sum(squares) / len(squares)) if squares else None
