"""Search for the best places, and tell how far the proof is."""

from __future__ import annotations

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
from fordel.runs.laws import law_of
from fordel.runs.placing import Wishes, answer, ask
from fordel.runs.placing_effects import explained
from fordel.runs.record import BadRun, read_run
from fordel.web.placement import actions
from fordel.worker.told import reason_of

if TYPE_CHECKING:
    from fordel.web.placement.models import Search

GOALS = ("two_choices", "unmet_need")  # the page tells of the first; where it decides nothing, the second does
SHOWN = [
    *("site", "name", "area", "easting", "northing", "capacities", "people_second", "people_first", "people_lost"),
    "need_served",
]
EXPECTED = (LawError, CoverageError, PlacementError, BadRun, OSError)  # each says what is wrong in a sentence


@app.task(name=actions.TASK, queue="runs")
def search_places(*, search_id: int) -> None:
    """Search, unless somebody has cancelled it."""
    search = actions.begin(search_id)
    if search is None:
        return
    try:
        _search(search)
    except actions.WrongState:
        return  # somebody has cancelled it in the meantime
    except EXPECTED as error:
        actions.refuse(search_id, str(error), at=timezone.now())
    except DatabaseError:
        raise  # the search stays as it is: the next worker begins it again
    except Exception as error:
        actions.refuse(search_id, reason_of(error).english, at=timezone.now())
        raise


def _search(search: Search) -> None:
    run = read_run(settings.HOME / search.run.folder)
    law = law_of(run)
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    found = survey(law, places, run.practices, fastest(places.height))
    if search.region in law.book.authorities:
        law = law.for_authority(search.region)
    wishes = Wishes(search.capacities, sites=search.sites, goals=GOALS)
    question = ask(law, found, run.areas, search.region, wishes)

    def tell(goal: str, elapsed: float, value: float, bound: float) -> None:
        if goal == GOALS[0]:
            actions.tell(search.pk, elapsed=elapsed, value=int(value), bound=int(min(bound, people)))

    people = int(question.problem.people.sum())
    told = answer(question, search.seconds, 0.0, tell)
    first = told.outcomes[0]
    proposed = explained(law, found, run.areas, question, told.plan)
    actions.finish(
        search.pk,
        at=timezone.now(),
        value=int(first.value),
        bound=int(first.bound),
        elapsed=told.seconds,
        proven=first.proven,
        beyond=int(question.problem.people[question.problem.beyond_help].sum()),
        places=proposed.select(SHOWN).to_dicts(),
    )
