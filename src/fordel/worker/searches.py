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
from fordel.runs.placing import answer, ask, wanted
from fordel.runs.record import BadRun, read_run
from fordel.web.placement import actions
from fordel.worker.tasks import FAULT

if TYPE_CHECKING:
    from fordel.web.placement.models import Search

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
    except Exception:
        actions.refuse(search_id, FAULT, at=timezone.now())
        raise


def _search(search: Search) -> None:
    run = read_run(settings.HOME / search.run.folder)
    law = law_of(run)
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    found = survey(law, places, run.practices, fastest(places.height))
    question = wanted(ask(law, found, run.areas, search.region, search.capacities), search.sites)

    def tell(elapsed: float, value: float, bound: float) -> None:
        actions.tell(search.pk, elapsed=elapsed, value=int(value), bound=int(bound))

    plan, proposed = answer(question, search.seconds, 0.0, tell)
    actions.finish(
        search.pk,
        at=timezone.now(),
        value=plan.value,
        bound=int(plan.bound),
        elapsed=plan.seconds,
        proven=plan.proven,
        beyond=int(question.problem.people[question.problem.beyond_help].sum()),
        places=proposed.drop("next_best_cell").to_dicts(),
    )
