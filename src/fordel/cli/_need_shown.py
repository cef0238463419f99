"""What `fordel need` shows on the terminal: a model's factors, who was weighed, and who was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console

if TYPE_CHECKING:
    from fordel.need import Fitted
    from fordel.runs.need_record import NeedRecord

KINDS = {
    "draws": "Sampling and practice style",
    "specifications": "Other specifications",
    "years": "Another data year",
    "all": "Together",
}
SYNTHETIC = "Synthetic citizens: the numbers show the method, nobody's need."


def say(text: str) -> None:
    """Print a line as it is."""
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def say_synthetic(record: NeedRecord) -> None:
    """Say that it was made from synthetic citizens, where it was."""
    if record.synthetic:
        console.print(SYNTHETIC, style="bold yellow")


def say_model(fitted: Fitted, record: NeedRecord) -> None:
    """Say what a model is, whom it was fitted on, and who was left out."""
    design = fitted.design
    say(f"{design.title}.")
    if not fitted.citizens:
        say(f"Published by {fitted.source}; {fitted.parts[0].layout.width} coefficients.")
        return
    years = f", {record.facts['period']}" if record.facts["period"] else ""
    say(f"{fitted.citizens:,} citizens of {fitted.source}{years}; {fitted.use:,} {design.outcome}; {design.family}.")
    for reason, count in fitted.excluded:
        say(f"Left out: {reason}, {count if count >= design.fewest else f'fewer than {design.fewest}'} citizens.")


def factors(fitted: Fitted) -> list[Table]:
    """Give one table per equation: each level's factor on use and its 95 % interval."""
    return [_factors(fitted, at) for at in range(len(fitted.parts))]


def _factors(fitted: Fitted, at: int) -> Table:
    part = fitted.parts[at]
    log = part.scoring.log
    title = {"mean": "Use", "use": "Any use at all (odds)", "amount": "Use among users"}[part.name]
    grid = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column("Term")
    grid.add_column("Factor" if log else "Addition", justify="right", no_wrap=True)
    grid.add_column("95 % interval", justify="right", no_wrap=True)
    known = bool(part.covariances)
    error = np.sqrt(np.diag(part.best_covariance)) if known else np.full(part.layout.width, np.nan)
    show = np.exp if log else np.asarray
    for term, middle, spread in zip(part.layout.terms, part.coefficients, error, strict=True):
        low, high = show(middle - 1.96 * spread), show(middle + 1.96 * spread)
        grid.add_row(escape(term.name), f"{show(middle):.3f}", f"{low:.3f} to {high:.3f}" if known else "not published")
    return grid


def say_weights(weights: NeedRecord) -> None:
    """Say whom weights are of, and how far they spread."""
    facts, sums = weights.facts, weights.frames["weighted_sums"]
    say(f"{int(facts['citizens']):,} citizens weighed by {facts['name']}; national mean weight 1.")
    for level in ("municipality", "practice"):
        of_level = sums.filter(pl.col("level") == level)
        means = (of_level["weighted_citizens"] / of_level["people"]).to_numpy()
        if len(means):
            plural = {"municipality": "municipalities", "practice": "practices"}[level]
            say(f"Mean weight of {len(means):,} {plural}: {means.min():.3f} to {means.max():.3f}.")
    if int(facts["practices_left_out"]):
        say(f"Left out: {facts['practices_left_out']} practices with too few of these citizens to be told.")
    unknown = weights.frames["not_in_model"].group_by("reason", "citizens", maintain_order=True)
    for row in unknown.agg(pl.col("covariate").str.join(", ")).iter_rows(named=True):
        say(f"Counted as the nation's mean, {row['reason']}: {row['covariate']}; {row['citizens']} citizens.")


def check_tables(check: NeedRecord) -> list[Table]:
    """Give how well the model and other specifications tell use, and which of them move need the most."""
    moves = check.frames["moves"]
    return [_measures(check.frames["measures"]), *([_moved(moves)] if moves.height else [])]


def grid_of(title: str, *headings: str) -> Table:
    """Give a table without lines: names to the left, numbers to the right."""
    grid = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column(headings[0])
    for heading in headings[1:]:
        grid.add_column(heading, justify="right", no_wrap=True)
    return grid


def _measures(frame: pl.DataFrame) -> Table:
    by_practice = frame["practice_r2"].null_count() < frame.height
    headings = ["R2", "CPM", "MAPE", "Deviance", *(["Practice R2", "Far off"] if by_practice else [])]
    grid = grid_of("How well use is told", "Specification", *headings)
    for row in frame.filter(pl.col("r2").is_not_null()).iter_rows(named=True):
        name = row["specification"] + (", held out" if row["sample"] == "held_out" else "")
        shown = [f"{row[key]:.3f}" for key in ("r2", "cpm", "mape", "deviance_explained")]
        if by_practice:
            shown += [f"{row['practice_r2']:.3f}", f"{row['practices_far_off']:.0%}"]
        grid.add_row(name, *shown)
    return grid


def _moved(frame: pl.DataFrame) -> Table:
    grid = grid_of("What it would move, in capacities", "Specification", "Moved in all", "Most gained", "Most lost")
    change = pl.col("change")
    sums = frame.group_by("specification", maintain_order=True).agg(
        moved=change.clip(0).sum(), gained=change.max(), lost=-change.min()
    )
    for name, *values in sums.sort("moved", descending=True).iter_rows():
        grid.add_row(name, *(f"{value:,.1f}" for value in values))
    return grid


def say_intervals(found: NeedRecord) -> None:
    """Say how many numbers stand whatever the model leaves open, and which are least sure."""
    areas, practices = found.frames["areas"], found.frames["practices"]
    for kind, what in KINDS.items():
        if f"{kind}_low" not in areas.columns:
            continue
        low, high = pl.col(f"{kind}_low"), pl.col(f"{kind}_high")
        same = areas.filter((low == pl.col("ceiling")) & (high == pl.col("ceiling"))).height
        wide = areas.select(high - low).to_series().to_numpy().max()
        say(f"{what}: {same} of {areas.height} ceilings stand; the widest interval is {wide:.0f} capacities.")
        width = practices.select((high - low).drop_nulls()).to_series().to_numpy()
        if len(width):
            say(f"  Minimums of {len(width):,} practices: the median interval is {np.median(width):.0f} patients wide.")
    noise = practices["minimum_sway"].drop_nulls().to_numpy()
    if len(noise):
        say(f"List turnover alone moves a minimum by {np.median(noise):.1f} patients (one standard deviation, median).")
