"""Search for the best places, and tell how far the proof is."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from fordel.coverage.errors import CoverageError
from fordel.coverage.survey import survey
from fordel.engines.straight_line import fastest
from fordel.law import LawError
from fordel.placement.errors import PlacementError
from fordel.publish.disclosure import least_shown
from fordel.runs.laws import law_of
from fordel.runs.placing import Wishes, answer, ask
from fordel.runs.record import BadRun, read_run
from fordel.web.placement import actions
from fordel.web.placement.models import USUAL_GOALS
from fordel.worker.proposals import proposal_of, shown_progress
from fordel.worker.told import reason_of

if TYPE_CHECKING:
    from fordel.web.placement.models import Search

COUNTS_PEOPLE = ("two_choices", "one_choice")
UNKNOWN = 1e15  # a solver's infinity begins here
EXPECTED = (LawError, CoverageError, PlacementError, BadRun, OSError)  # each says what is wrong in a sentence


@app.task(name=actions.TASK, queue="runs")
def search_places(*, search_id: int) -> None:
    """Search, unless somebody has cancelled it."""
    search = actions.begin(search_id, at=timezone.now())
    if search is None:
        return
    try:
        _search(search)
    except actions.WrongState:
        return  # somebody has cancelled it in the meantime
    except DatabaseError:
        raise  # the search stays as it is: the next worker begins it again
    except Exception as error:
        said = reason_of(error)
        clash = asdict(error.clash) if isinstance(error, PlacementError) and error.clash else None
        actions.refuse(search_id, said.english, said.danish, at=timezone.now(), clash=clash)
        if not isinstance(error, EXPECTED):
            raise


def _search(search: Search) -> None:
    run = read_run(settings.HOME / search.run.folder)
    law = law_of(run)
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    found = survey(law, places, run.practices, fastest(places.height))
    if search.region in law.book.authorities:
        law = law.for_authority(search.region)
    question = ask(law, found, run.areas, search.region, _wishes(search))
    first, people, least = question.order[0], int(question.problem.people.sum()), least_shown(search.run.law_date)

    def tell(goal: str, elapsed: float, value: float, bound: float) -> None:
        if goal == first:
            most = min(bound, people) if goal in COUNTS_PEOPLE else bound
            shown = (shown_progress(goal, amount, least) if abs(amount) < UNKNOWN else None for amount in (value, most))
            actions.tell(search.pk, elapsed=elapsed, **dict(zip(("value", "bound"), shown, strict=True)))

    told = answer(question, search.seconds, 0.0, tell)
    kept = proposal_of(law, found, run.areas, question, told, search)
    actions.finish(search.pk, at=timezone.now(), elapsed=told.seconds, **kept)


def _wishes(search: Search) -> Wishes:
    asked = {name: tuple(chosen["id"] for chosen in search.wishes.get(name, ())) for name in ("in", "out", "held_back")}
    return Wishes(
        search.capacities,
        sites=search.sites,
        force_in=asked["in"],
        force_out=asked["out"],
        held_back=asked["held_back"],
        goals=tuple(search.wishes.get("goals") or USUAL_GOALS),
    )
