"""`fordel placement`: where new capacities should lie, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from fordel.cli._coverage_shown import Folder, On, faults, say_what_it_is, write_tables
from fordel.cli._shown import console, errors, shown_to_user
from fordel.cli._surveyed import Surveyed, surveyed
from fordel.coverage.survey import MEASURES
from fordel.placement.errors import PlacementError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fordel.engines.in_order import Answer
    from fordel.placement.goals import Sites
    from fordel.runs.placing import Question, Wishes

app = typer.Typer(no_args_is_help=True)

Region = Annotated[str, typer.Option("--region", metavar="ID", help="The region that places them.")]
Capacities = Annotated[int, typer.Option("--capacities", min=1, help="How many are offered.")]
Seconds = Annotated[float, typer.Option("--seconds", min=1, help="Time limit; the best plan so far is given.")]
Given = Annotated[
    Path | None, typer.Option("--given", metavar="FILE", help="Sites besides the cells: CSV, Parquet or Excel.")
]
Extend = Annotated[bool, typer.Option("--extend", help="Let practices that are there get more capacities.")]
Risk = Annotated[Path | None, typer.Option("--risk", metavar="FILE", help="practice_id and probability of closing.")]
HoldBack = Annotated[bool, typer.Option("--hold-back", help="What is lost where a municipality is released nothing.")]
Measure = Annotated[str, typer.Option("--measure", help=f"One of {', '.join(MEASURES)}.")]
To = Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Write tables, map, page and GeoJSON.")]
Proposals = Annotated[
    list[Path], typer.Argument(metavar="PROPOSAL...", help="placement.csv that `propose` wrote, or its folder.")
]


@app.command()
def propose(
    folder: Folder,
    region: Region,
    capacities: Capacities,
    sites: Annotated[int | None, typer.Option("--sites", min=1, help="At most this many places.")] = None,
    force_in: Annotated[list[str] | None, typer.Option("--in", metavar="SITE", help="A place that must be.")] = None,
    force_out: Annotated[list[str] | None, typer.Option("--out", metavar="SITE", help="One that may not.")] = None,
    held_back: Annotated[
        list[str] | None, typer.Option("--hold-back", metavar="ID", help="A municipality that is released nothing.")
    ] = None,
    given: Given = None,
    extend: Extend = False,  # noqa: FBT002
    risk: Risk = None,
    goal: Annotated[
        list[str] | None, typer.Option("--goal", metavar="NAME", help="Goals in order, in place of the law's.")
    ] = None,
    weight: Annotated[
        list[str] | None, typer.Option("--weight", metavar="NAME=N", help="Weigh goals in place of an order.")
    ] = None,
    alternatives: Annotated[int, typer.Option("--alternatives", min=1, help="The best plan and the next ones.")] = 1,
    per_month: Annotated[
        int | None, typer.Option("--per-month", min=1, help="Which come first with so many a month.")
    ] = None,
    seconds: Seconds = 60,
    gap: Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop this near the best possible (share).")] = 0.0,
    measure: Measure = MEASURES[0],
    on: On = None,
    to: To = None,
    danish: Annotated[bool, typer.Option("--danish", help="Write the page and its map in Danish.")] = False,  # noqa: FBT002
) -> None:
    """Propose where new capacities should lie, goal by goal, and prove how good it is."""
    from fordel.runs.placing import Wishes  # noqa: PLC0415 - help must not wait for it

    wishes = Wishes(
        capacities, sites, tuple(force_in or ()), tuple(force_out or ()), given, extend, risk, tuple(goal or ()),
        tuple(held_back or ()),
    )  # fmt: skip
    weights = _weights(weight or [])
    with faults(), shown_to_user(PlacementError), errors.status("Surveying coverage") as status:
        found, question = _asked(folder, on, measure, region, wishes)
        status.update(f"Searching among {question.problem.candidates:,} places")
        answers = _answers(question, weights, alternatives, seconds, gap, status.update)
        frames = [_explained(found, question, answer.plan) for answer in answers]
    say_what_it_is(found)
    for number, (answer, proposed) in enumerate(zip(answers, frames, strict=True), start=1):
        _say(answer, capacities, number if len(answers) > 1 else None)
        _show(answer, proposed)
    _say_beyond(found, question)
    if per_month is not None:
        _say_sequence(found, question, answers[0].plan, per_month)
    if to is not None:
        with faults():
            _write(found, question, answers, frames, to, danish=danish, per_month=per_month)


@app.command()
def compare(  # noqa: PLR0913, PLR0917 - one parameter per option
    folder: Folder,
    region: Region,
    proposals: Proposals,
    scenarios: Annotated[
        int, typer.Option("--closures", min=1, help="How many times practices close at random.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Of the draws.")] = 2026,
    hold_back: HoldBack = False,  # noqa: FBT002
    front: Annotated[
        str | None, typer.Option("--front", metavar="GOAL,GOAL", help="What more of one goal costs of another.")
    ] = None,
    given: Given = None,
    extend: Extend = False,  # noqa: FBT002
    risk: Risk = None,
    seconds: Seconds = 60,
    measure: Measure = MEASURES[0],
    on: On = None,
    to: To = None,
) -> None:
    """Compare proposals: what each gives of every goal, also when practices close."""
    from fordel.cli import _placement_compare as shown  # noqa: PLC0415 - help must not wait for it
    from fordel.runs.placing import Wishes  # noqa: PLC0415

    with faults(), shown_to_user(PlacementError), errors.status("Surveying coverage") as status:
        tables = _proposals(proposals)
        offered = max(int(table["capacities"].sum()) for table in tables.values())
        wishes = Wishes(offered, given=given, extend=extend, risk=risk)
        found, question = _asked(folder, on, measure, region, wishes)
        plans = shown.plans_of(question, tables)
        frames = {
            "goals": shown.goals_of(question, plans),
            "closures": shown.closing(found, question, plans, scenarios, seed),
        }
        if hold_back:
            status.update("Holding back each municipality in turn")
            frames["held_back"] = shown.holding_back(found, question, next(iter(plans.values())))
        if front is not None:
            status.update("Setting two goals against each other")
            frames["front"] = shown.front_of(question, front, seconds)
    say_what_it_is(found)
    shown.show(frames, scenarios)
    if to is not None:
        with faults():
            write_tables(to, frames)


@app.command()
def explain(  # noqa: PLR0913, PLR0917 - one parameter per option
    folder: Folder,
    region: Region,
    proposal: Annotated[Path, typer.Argument(metavar="PROPOSAL", help="placement.csv that `propose` wrote.")],
    site: Annotated[list[str] | None, typer.Option("--site", metavar="SITE", help="Only this place.")] = None,
    given: Given = None,
    extend: Extend = False,  # noqa: FBT002
    risk: Risk = None,
    measure: Measure = MEASURES[0],
    on: On = None,
) -> None:
    """Explain each place of a proposal: who gains, what it uses, which principles it meets."""
    from fordel.cli._placement_shown import say_place  # noqa: PLC0415 - help must not wait for it
    from fordel.runs.placing import Wishes  # noqa: PLC0415
    from fordel.runs.placing_effects import read_plan  # noqa: PLC0415

    with faults(), shown_to_user(PlacementError), errors.status("Surveying coverage"):
        (table,) = _proposals([proposal]).values()
        wishes = Wishes(int(table["capacities"].sum()), given=given, extend=extend, risk=risk)
        found, question = _asked(folder, on, measure, region, wishes)
        proposed = _explained(found, question, read_plan(question, table))
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
    law = found.law.for_authority(region) if region in found.law.book.authorities else found.law
    return found, ask(law, found.survey, found.run.areas, region, wishes)


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


def _explained(found: Surveyed, question: Question, plan: Sites) -> pl.DataFrame:
    from fordel.runs.placing_effects import explained  # noqa: PLC0415

    return explained(found.law, found.survey, found.run.areas, question, plan)


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


def _say(answer: Answer, capacities: int, number: int | None) -> None:
    """Say what the plan gives of its first goal, and how good any could be."""
    from fordel.cli._placement_shown import GOALS, amount  # noqa: PLC0415

    first, placed = answer.outcomes[0], int(answer.plan.capacities.sum())
    proof = "proven best" if first.proven else f"no plan gives more than {amount(first.goal, first.bound)}"
    head = "" if number is None else f"Plan {number}. "
    console.print(
        f"{head}{GOALS[first.goal].capitalize()}: {amount(first.goal, first.value)} by {placed} capacities in "
        f"{len(answer.plan.chosen)} places: {proof}, in {answer.seconds:.1f} s.",
        highlight=False,
    )
    if placed < capacities:
        console.print(
            f"{capacities - placed} capacities found no place within headroom and the wishes.", highlight=False
        )


def _say_beyond(found: Surveyed, question: Question) -> None:
    from fordel.runs.placing_effects import place_by_place  # noqa: PLC0415

    problem = place_by_place(found.survey, question)
    beyond = int(problem.people[problem.beyond_help].sum())
    if beyond:
        console.print(f"{beyond:,} people lack choices that no place allowed can give.", highlight=False)
    forms = ", then ".join(str(form) for form in found.law.value("clinic_priority"))
    console.print(f"Where no doctor takes a capacity, forms of clinic are tried in turn: {forms}.", highlight=False)


def _show(answer: Answer, proposed: pl.DataFrame) -> None:
    from fordel.cli._placement_shown import goals_table, places_table  # noqa: PLC0415

    console.print(goals_table(answer.outcomes, "What the plan gives"))
    console.print(places_table(proposed))


def _say_sequence(found: Surveyed, question: Question, plan: Sites, per_month: int) -> None:
    from fordel.cli._placement_shown import plain_table  # noqa: PLC0415
    from fordel.runs.placing_effects import in_sequence  # noqa: PLC0415

    heads = {
        "month": "Month",
        "area": "Municipality",
        "name": "Place",
        "capacities": "Cap.",
        "people": "People by then",
    }
    months = in_sequence(found.survey, question, plan, per_month)
    console.print(plain_table(months, f"{per_month} a month, worst areas first", heads))


def _write(
    found: Surveyed, question: Question, answers: list[Answer], frames: list[pl.DataFrame], to: Path, *,
    danish: bool, per_month: int | None,
) -> None:  # fmt: skip
    from fordel.cli._placement_shown import outcomes_frame, write_geojson  # noqa: PLC0415
    from fordel.publish.placement_page import write_placement_page  # noqa: PLC0415
    from fordel.runs.placing_effects import in_sequence  # noqa: PLC0415

    outcomes = outcomes_frame(answers)
    tables = {"placement": frames[0], "goals": outcomes}
    tables |= {f"placement_{number}": frame for number, frame in enumerate(frames[1:], start=2)}
    if per_month is not None:
        tables["sequence"] = in_sequence(found.survey, question, answers[0].plan, per_month)
    write_tables(to, tables)
    practices = found.survey.practices.select("name", "municipality", "easting", "northing", "open")
    written = [
        write_geojson(frames[0], to, synthetic=found.run.manifest.synthetic),
        *write_placement_page(
            found.run, frames[0], outcomes.filter(pl.col("plan") == 1), practices, to, "da" if danish else "en"
        ),
    ]
    for path in written:
        console.print(str(path), soft_wrap=True, highlight=False, markup=False)
