"""`fordel placement`: where new capacities should lie, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import typer

from fordel.cli import _placement_options as o
from fordel.cli._coverage_shown import Folder, On, faults, say_what_it_is, write_tables
from fordel.cli._shown import errors, shown_to_user
from fordel.cli._surveyed import Surveyed, surveyed
from fordel.coverage.survey import MEASURES
from fordel.law.errors import LawError
from fordel.placement.errors import PlacementError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fordel.engines.in_order import Answer
    from fordel.publish._words import Lang
    from fordel.publish.proposal import ShownProposal
    from fordel.runs.placing import Question, Wishes

app = typer.Typer(no_args_is_help=True)


@app.command()
def propose(  # noqa: PLR0913, PLR0917 - one parameter per option
    folder: Folder,
    region: o.Region,
    capacities: o.Capacities,
    sites: o.Sites = None,
    force_in: o.ForceIn = None,
    force_out: o.ForceOut = None,
    held_back: o.HeldBack = None,
    given: o.Given = None,
    extend: o.Extend = False,  # noqa: FBT002
    risk: o.Risk = None,
    goal: o.Goals = None,
    weight: o.Weights = None,
    alternatives: o.Alternatives = 1,
    per_month: o.PerMonth = None,
    seconds: o.Seconds = 60,
    gap: o.Gap = 0.0,
    measure: o.Measure = MEASURES[0],
    on: On = None,
    to: o.To = None,
    danish: o.Danish = False,  # noqa: FBT002
    with_small_counts: o.SmallCounts = False,  # noqa: FBT002
) -> None:
    """Propose where new capacities should lie, goal by goal, and prove how good it is."""
    from fordel.cli._placement_counts import least_of, shown_answers  # noqa: PLC0415 - help must not wait for it
    from fordel.runs.placing import Wishes  # noqa: PLC0415

    wishes = Wishes(
        capacities, sites, tuple(force_in or ()), tuple(force_out or ()), given, extend, risk, tuple(goal or ()),
        tuple(held_back or ()),
    )  # fmt: skip
    with faults(), shown_to_user(PlacementError, LawError), errors.status("Surveying coverage") as status:
        weights = _checked(to, weight or [])
        found, question = _asked(folder, on, measure, region, wishes)
        status.update(f"Searching among {question.problem.candidates:,} places")
        answers = _answers(question, weights, alternatives, seconds, gap, status.update)
        least = least_of(found, small_counts=with_small_counts)
        shown = shown_answers(found, question, answers, per_month, least)
    _say_and_write(found, answers, shown, (capacities, per_month, least), to, "da" if danish else "en")


@app.command()
def compare(  # noqa: PLR0913, PLR0917 - one parameter per option
    folder: Folder,
    region: o.Region,
    proposals: o.Proposals,
    closures: o.Closures = 200,
    seed: o.Seed = 2026,
    hold_back: o.HoldBack = False,  # noqa: FBT002
    front: o.Front = None,
    given: o.Given = None,
    extend: o.Extend = False,  # noqa: FBT002
    risk: o.Risk = None,
    seconds: o.Seconds = 60,
    measure: o.Measure = MEASURES[0],
    on: On = None,
    to: o.To = None,
    with_small_counts: o.SmallCounts = False,  # noqa: FBT002
) -> None:
    """Compare proposals: what each gives of every goal, also when practices close."""
    from fordel.cli import _placement_compare as shown  # noqa: PLC0415 - help must not wait for it
    from fordel.cli._placement_counts import least_of  # noqa: PLC0415
    from fordel.runs.placing import Wishes  # noqa: PLC0415

    with faults(), shown_to_user(PlacementError, LawError), errors.status("Surveying coverage") as status:
        tables = _proposals(proposals)
        offered = max(int(table["capacities"].sum()) for table in tables.values())
        wishes = Wishes(offered, given=given, extend=extend, risk=risk)
        found, question = _asked(folder, on, measure, region, wishes)
        status.update("Comparing")
        least = least_of(found, small_counts=with_small_counts)
        frames = shown.compared(found, question, tables, closures, seed, least, hold_back=hold_back)
        if front is not None:
            status.update("Setting two goals against each other")
            frames["front"] = shown.front_of(question, front, seconds, least)
    say_what_it_is(found)
    shown.show(frames, closures)
    if to is not None:
        with faults():
            write_tables(to, frames)


@app.command()
def explain(  # noqa: PLR0913, PLR0917 - one parameter per option
    folder: Folder,
    region: o.Region,
    proposal: o.Proposal,
    site: o.Only = None,
    given: o.Given = None,
    extend: o.Extend = False,  # noqa: FBT002
    risk: o.Risk = None,
    measure: o.Measure = MEASURES[0],
    on: On = None,
    with_small_counts: o.SmallCounts = False,  # noqa: FBT002
) -> None:
    """Explain each place of a proposal: who gains, what it uses, which principles it meets."""
    from fordel.cli._placement_counts import least_of, shown_plan  # noqa: PLC0415 - help must not wait for it
    from fordel.cli._placement_shown import NO_OUTCOMES, say_place  # noqa: PLC0415
    from fordel.runs.placing import Wishes  # noqa: PLC0415
    from fordel.runs.placing_effects import read_plan  # noqa: PLC0415

    with faults(), shown_to_user(PlacementError, LawError), errors.status("Surveying coverage"):
        (table,) = _proposals([proposal]).values()
        wishes = Wishes(int(table["capacities"].sum()), given=given, extend=extend, risk=risk)
        found, question = _asked(folder, on, measure, region, wishes)
        least = least_of(found, small_counts=with_small_counts)
        proposed = shown_plan(found, question, read_plan(question, table), NO_OUTCOMES, None, least, []).places
        if site and (strange := set(site) - set(proposed["site"])):
            raise PlacementError(
                f"{min(strange)!r} is no place of the proposal.\n  Expected: one of {', '.join(proposed['site'])}"
            )
    say_what_it_is(found)
    for row in proposed.iter_rows(named=True):
        if not site or row["site"] in site:
            say_place(row)


def _asked(folder: Path, on: date | None, measure: str, region: str, wishes: Wishes) -> tuple[Surveyed, Question]:
    """Survey, and state the question."""
    from fordel.runs.placing import ask  # noqa: PLC0415

    if measure not in MEASURES:
        raise typer.BadParameter(f"No measure for placement is called {measure!r}; use {' or '.join(MEASURES)}.")
    found = surveyed(folder, on, measure)
    if region in found.law.book.authorities:
        found = replace(found, law=found.law.for_authority(region))
    return found, ask(found.law, found.survey, found.run.areas, region, wishes)


def _say_and_write(
    found: Surveyed, answers: list[Answer], shown: list[ShownProposal], numbers: tuple[int, int | None, int],
    to: Path | None, lang: Lang,
) -> None:  # fmt: skip
    """Say what was found and write it; ``numbers``: capacities offered, how many a month, and the least count shown."""
    from fordel.cli._placement_said import say_all  # noqa: PLC0415 - help must not wait for it
    from fordel.cli._placement_written import write_proposal  # noqa: PLC0415

    say_what_it_is(found)
    say_all(found, answers, shown, *numbers)
    if to is not None:
        with faults(), shown_to_user(PlacementError):
            write_proposal(found, shown, to, lang, numbers[2])


def _checked(to: Path | None, weights: list[str]) -> dict[str, float]:
    """Refuse at once what needs no survey: a folder that is in use, and weights that are none."""
    from fordel.cli._placement_written import refuse_occupied  # noqa: PLC0415

    refuse_occupied(to)
    return _weights(weights)


def _weights(told: list[str]) -> dict[str, float]:
    weights = {}
    for each in told:
        name, _, number = each.partition("=")
        try:
            weights[name] = float(number.replace(",", "."))
        except ValueError:
            raise typer.BadParameter(f"{each!r} is no weight; write a goal and a number: two_choices=1.") from None
        if weights[name] <= 0:
            raise typer.BadParameter(f"The weight of {name} must be above nought.")
    return weights


def _answers(
    question: Question, weights: dict[str, float], count: int, seconds: float, gap: float, update: Callable[[str], None]
) -> list[Answer]:
    from fordel.cli._placement_shown import GOALS, amount  # noqa: PLC0415
    from fordel.runs.placing import answer, others, weighed  # noqa: PLC0415

    def tell(goal: str, at: float, value: float, bound: float) -> None:
        most = amount(goal, bound) if abs(bound) < 1e15 else "not yet known"
        update(f"{GOALS[goal]}: {amount(goal, value)} after {at:.0f} s, at most {most}")

    each = seconds / count
    first = weighed(question, weights, each, gap, tell) if weights else answer(question, each, gap, tell)
    return list(others(question, first, count, each, tell))


def _proposals(paths: list[Path]) -> dict[str, pl.DataFrame]:
    """Read proposals by the name of their folder or file."""
    found: dict[str, pl.DataFrame] = {}
    for path in paths:
        file = path / "placement.csv" if path.is_dir() else path
        name = path.name if path.is_dir() else path.stem
        name = name if name not in found else str(path)
        found[name] = pl.read_csv(file, schema_overrides={"site": pl.String})
        if "capacities" not in found[name].columns:
            raise PlacementError(f"{file} has no column capacities.\n  Expected: a placement.csv that `propose` wrote.")
    return found
