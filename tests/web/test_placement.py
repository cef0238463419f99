"""Placement: asked for, searched by the worker, told with its bound; refused and cancelled with a reason."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from fordel.runs.record import Run
from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from fordel.web.placement import actions, queries
from fordel.web.placement.models import Search, State
from fordel.web.runs.actions import add_run, add_snapshot
from fordel.web.runs.models import FinishedRun
from fordel.worker import searches

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


@pytest.fixture
def whole(rolled_back: FinishedRun, demo_run: Run) -> FinishedRun:
    """The whole demo, taken in after the small country: the newest run."""
    from django.conf import settings

    from fordel.runs.record import write_run

    folder, manifest, now = settings.HOME / "runs" / "demo", demo_run.manifest, timezone.now()
    if not folder.exists():
        write_run(demo_run, folder)
    add_snapshot(
        fingerprint=manifest.snapshot_fingerprint,
        name=manifest.snapshot_name,
        day=manifest.snapshot_date,
        synthetic=manifest.synthetic,
        folder=settings.HOME / "snapshot",
        by="test",
        at=now,
    )
    return add_run(demo_run, folder, by="test", at=now)


def asked(client: Client, **how: object) -> Search:
    given = {"region": "region-sjaelland", "capacities": 6, "seconds": 10} | how
    answer = client.post("/placering/ny/", given)
    assert answer.status_code == 302, answer.content.decode()
    return Search.objects.get(pk=int(answer.headers["Location"].split("/")[-2]))


def test_the_worker_finds_a_plan_and_proves_it(signed_in: Callable[[str], Client], whole: FinishedRun) -> None:
    client = signed_in("analyst")
    search = asked(client, seconds=60)
    searches.search_places(search_id=search.pk)
    searches.search_places(search_id=search.pk)  # a worker that was killed after it had finished
    search.refresh_from_db()
    assert search.state == State.DONE
    assert search.proven
    assert search.value is not None
    assert search.bound == search.value > 1000
    page = unescape(client.get(f"/placering/{search.pk}/").content.decode())
    assert "bevist bedst" in page
    assert f"{search.value:,}".replace(",", ".") in page
    assert search.places[0]["site"] in page
    assert Event.objects.filter(what="search.done", known_as=str(search.pk)).count() == 1
    fewer = asked(client, sites=2)
    searches.search_places(search_id=fewer.pk)
    fewer.refresh_from_db()
    assert fewer.value is not None
    assert fewer.value < search.value
    assert len(fewer.places) == 2


def test_progress_is_told_and_what_is_cancelled_is_not_kept(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    client = signed_in("analyst")
    search = asked(client)
    assert actions.begin(search.pk) is not None
    actions.tell(search.pk, elapsed=1.5, value=1234, bound=5678)
    part = unescape(client.get(f"/placering/{search.pk}/", headers={"HX-Request": "true"}).content.decode())
    assert all(words in part for words in ("Søger", "1.234", "5.678", "every 2s"))
    assert "<html" not in part
    assert client.post(f"/placering/{search.pk}/annuller/").status_code == 302
    with pytest.raises(actions.WrongState):
        actions.finish(search.pk, at=timezone.now(), value=1)
    searches.search_places(search_id=search.pk)
    search.refresh_from_db()
    assert (search.state, search.places) == (State.CANCELLED, [])
    assert "i mellemtiden" in client.post(f"/placering/{search.pk}/annuller/", follow=True).content.decode()


def test_what_cannot_be_answered_says_why(rolled_back: FinishedRun) -> None:
    search = actions.ask(
        rolled_back, region="nowhere", capacities=1, sites=None, seconds=10, by="test", at=timezone.now()
    )
    searches.search_places(search_id=search.pk)
    search.refresh_from_db()
    assert search.state == State.REFUSED
    assert "region 'nowhere'" in search.says


def test_a_planner_asks_for_the_own_region_only(signed_in: Callable[[str], Client], whole: FinishedRun) -> None:
    client = signed_in("planner")
    assert (
        client.post("/placering/ny/", {"region": "region-sjaelland", "capacities": 1, "seconds": 10}).status_code == 422
    )
    assert asked(client, region="region-hovedstaden").region == "region-hovedstaden"


def test_few_people_are_held_back(rolled_back: FinishedRun) -> None:
    row = {"people_second": 4, "people_first": 0, "people_lost": 5}
    search = Search(run=rolled_back, places=[row, {**row, "people_second": 40}])
    shown = queries.places(search)
    assert [one["people_second"] for one in shown] == [40, None]
    assert [one["people_first"] for one in shown] == [0, 0]
    assert queries.for_user(User.objects.get(username="planner")).query.where
