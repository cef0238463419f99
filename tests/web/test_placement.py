"""Placement: asked for, searched by the worker, told with its bound; refused and cancelled with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from fordel.runs.record import Run
from fordel.web.audit.models import Event
from fordel.web.jobs.work import State
from fordel.web.placement import actions
from fordel.web.placement.models import Search
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
    usual = {"region": "region-sjaelland", "capacities": 6, "seconds": 10, "goal_1": "two_choices", "per_month": 2}
    given = {**usual, "goal_2": "unmet_need", **how}
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
    assert f"{search.value:,.0f}".replace(",", ".") in page
    assert search.places[0]["site"] in page
    assert Event.objects.filter(what="search.done", known_as=str(search.pk)).count() == 1
    the_pages_of_the_plan_agree(client, search)
    first, last = search.places[0], search.places[-1]
    wished = asked(client, sites=2, seconds=10, **{"out": first["site"], "in": last["site"]})
    searches.search_places(search_id=wished.pk)
    wished.refresh_from_db()
    assert wished.value is not None
    assert wished.value < search.value
    sites = {row["site"] for row in wished.places}
    assert len(sites) == 2
    assert last["site"] in sites
    assert first["site"] not in sites
    told = Event.objects.get(what="search.asked", known_as=str(wished.pk)).new or {}
    assert [one["id"] for one in told["wishes"]["out"]] == [first["site"]]
    two_plans_stand_side_by_side(client, search, wished)
    clashing = asked(client, **{"in": last["site"], "held_back": last["municipality"]})
    searches.search_places(search_id=clashing.pk)
    page = unescape(client.get(f"/placering/{clashing.pk}/").content.decode())
    assert f"er krævet, men {last['area']} holdes tilbage" in page
    client.post("/sprog/", {"language": "en"})
    page = unescape(client.get(f"/placering/{clashing.pk}/").content.decode())
    assert f"is required, but {last['area']} is held back" in page
    begun = client.get(f"/placering/ny/?fra={clashing.pk}").content.decode()
    assert f'value="in:{last["site"]}"' in begun


def the_pages_of_the_plan_agree(client: Client, search: Search) -> None:
    """Page of each place, table, points and map say the same as the plan."""
    for number, row in enumerate(search.places, start=1):
        page = unescape(client.get(f"/placering/{search.pk}/sted/{row['site']}/").content.decode())
        assert f"{number}. {row['name']}" in page
        assert f"{row['people_second']:,}".replace(",", ".") in page
        assert page.count("/praksis/") >= 1
    assert client.get(f"/placering/{search.pk}/sted/1km_0000_000/").status_code == 404
    table = pl.read_csv(client.get(f"/placering/{search.pk}/steder.csv").content, separator=";")
    assert table["Celle"].to_list() == [row["site"] for row in search.places]
    assert table["Andet valg"].to_list() == [row["people_second"] for row in search.places]
    points = json.loads(client.get(f"/placering/{search.pk}/steder.geojson").content)
    assert points["synthetic"] is True
    found = {feature["id"]: feature["properties"] for feature in points["features"]}
    assert all(found[row["site"]]["people_first"] == row["people_first"] for row in search.places)
    labels = re.findall(r"<text[^>]*>([^<]+)</text>", client.get(f"/placering/{search.pk}/kort/").content.decode())
    assert {str(n) for n in range(1, len(search.places) + 1)} <= set(labels)
    assert any(label.endswith(" km") for label in labels)
    assert max(row["people_by_then"] for row in search.places) == search.value


def two_plans_stand_side_by_side(client: Client, one: Search, other: Search) -> None:
    ticked = client.get("/placering/", {"s": [one.pk, other.pk]})
    address = f"/placering/sammenlign/{one.pk}-{other.pk}/"
    assert ticked.headers["Location"] == address
    page = unescape(client.get(address).content.decode())
    common = {row["site"] for row in one.places} & {row["site"] for row in other.places}
    every = {row["site"] for row in one.places} | {row["site"] for row in other.places}
    assert f"{len(common)} af {len(every)} steder er i alle planerne" in page
    assert all(site in page for site in every)
    assert "AB" in client.get(f"{address}kort/").content.decode()
    for wrong in (f"{one.pk}", f"{one.pk}-999999", "1-2-3-4-5", "x-y", f"{one.pk}-{one.pk}"):
        assert client.get(f"/placering/sammenlign/{wrong}/").status_code == 404
    assert "mindst 2 og højst 4" in client.get("/placering/", {"s": [one.pk]}).content.decode()


def test_places_are_chosen_by_name_among_the_own_region_s(
    signed_in: Callable[[str], Client], whole: FinishedRun
) -> None:
    """Without a script: find, add, change one's mind, take away; what is chosen stays until it is asked for."""
    client = signed_in("planner")
    base = {"region": "region-hovedstaden", "capacities": 4, "seconds": 10, "goal_1": "two_choices"}

    def step(**given: object) -> str:
        answer = client.post("/placering/ny/", base | given)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    page = step(words="frederikssund", find="1")
    assert 'value="held_back:0250"' in page
    cell = re.findall(r'name="add" value="in:(1km_\d+_\d+)"', page)[0]
    chosen = step(add=f"in:{cell}", words="frederikssund")
    assert f'name="in" value="{cell}"' in chosen
    turned = step(**{"in": cell, "add": f"out:{cell}"})
    assert f'name="out" value="{cell}"' in turned
    assert f'name="in" value="{cell}"' not in turned
    assert f'name="out" value="{cell}"' not in step(out=cell, remove=f"out:{cell}")
    assert "Intet sted i regionen passer" in step(words="Slagelse", find="1")
    elsewhere = step(**{"in": "1km_6142_646", "find": "1"})
    assert "ligger ikke i regionen" in elsewhere
    assert 'name="in" value="1km_6142_646"' not in elsewhere
    refused = client.post("/placering/ny/", base | {"in": "1km_6142_646"})
    assert refused.status_code == 422
    assert "ligger ikke i regionen" in refused.content.decode()
    assert not Search.objects.filter(run=whole).exists()
    twice = client.post("/placering/ny/", base | {"goal_2": "two_choices", "out": cell})
    assert twice.status_code == 422
    assert f'name="out" value="{cell}"' in twice.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/placering/ny/", base).status_code == 403
    assert client.get(f"/placering/ny/?fra={10**30}").status_code == 404


def test_progress_is_told_and_what_is_cancelled_is_not_kept(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    client = signed_in("analyst")
    search = asked(client)
    assert actions.begin(search.pk, at=timezone.now()) is not None
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
    assert search.state == State.FAILED
    assert "region 'nowhere'" in search.says


def test_a_planner_asks_for_the_own_region_only(signed_in: Callable[[str], Client], whole: FinishedRun) -> None:
    client = signed_in("planner")
    assert (
        client.post("/placering/ny/", {"region": "region-sjaelland", "capacities": 1, "seconds": 10}).status_code == 422
    )
    assert asked(client, region="region-hovedstaden").region == "region-hovedstaden"


def test_few_people_are_held_back_before_a_plan_is_kept(
    signed_in: Callable[[str], Client], whole: FinishedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a bar of 300 there is something to hide: it is in no row of the database, so on no page and in no file."""
    monkeypatch.setattr("fordel.worker.proposals.least_shown", lambda day: 300)
    client = signed_in("analyst")
    search = asked(client, capacities=20, goal_2="")
    searches.search_places(search_id=search.pk)
    search.refresh_from_db()
    hidden = [row["site"] for row in search.places if None in (row["people_second"], row["people_first"])]
    assert hidden
    counts = [row[name] for row in search.places for name in ("people_second", "people_first", "people_by_then")]
    assert all(n is None or n == 0 or n >= 300 for n in counts)
    page = client.get(f"/placering/{search.pk}/").content.decode()
    assert page.count("skjult") >= len(hidden)
    assert "et skjult antal" in client.get(f"/placering/{search.pk}/sted/{hidden[0]}/").content.decode()
