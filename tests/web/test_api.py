"""The API: keys, the same answers and permissions as the pages, parts, ETags; and many requests made up at random."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from fordel.runs.record import Run
from fordel.web.accounts.models import User
from fordel.web.api import actions
from fordel.web.api.main import operations
from fordel.web.api.models import Key
from fordel.web.audit.models import Event
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of
from web.matrix import EVERYBODY, MATRIX

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
NEWEST = "/api/v1/runs/newest"


def key_of(role: str, **how: Any) -> str:
    user = User.objects.get(username=role)
    asked: dict[str, Any] = {"name": "test", "days": 9, "by": role, "at": timezone.now()} | how
    return actions.make_key(user, **asked)[1]


def read(address: str, key: str, **headers: str) -> Any:
    return Client().get(address, headers={"Authorization": f"Bearer {key}", **headers})


def test_a_key_reads_what_its_owner_sees_until_it_ends(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    client = signed_in("planner")
    page = client.post("/programmer/noegle/", {"name": "Excel", "days": "30"}).content.decode()
    found = re.search(r"fordel_[\w-]{40,}", page)
    assert found is not None
    key = found.group()
    assert key not in client.get("/programmer/").content.decode()
    assert key not in str(list(Key.objects.values()))
    assert key not in str(list(Event.objects.values()))
    answer = read(f"{NEWEST}/practices", key)
    assert answer.status_code == 200
    assert answer.json() == client.get(f"{NEWEST}/practices").json()
    assert {row["municipality"] for row in answer.json()["items"]} <= {"0101", "0147", "0400"}
    kept = Key.objects.get(name="Excel")
    assert signed_in("analyst").post(f"/programmer/noegle/{kept.pk}/tilbage/").status_code == 404
    assert client.post(f"/programmer/noegle/{kept.pk}/tilbage/").status_code == 302
    refused = read(f"{NEWEST}/practices", key)
    assert refused.status_code == 401
    assert "udløbet eller taget tilbage" in refused.json()["detail"]


def test_what_is_no_good_key(rolled_back: FinishedRun) -> None:
    ended = key_of("planner", at=timezone.now() - timedelta(days=10))
    left = key_of("auditor")
    User.objects.filter(username="auditor").update(is_active=False)
    for key in (ended, left, "fordel_" + "x" * 43, "", "æ\x00"):
        assert read(f"{NEWEST}/areas", key).status_code == 401
    assert Client().get(f"{NEWEST}/areas", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_answers_are_the_run_s_own_in_parts(rolled_back: FinishedRun) -> None:
    key, areas = key_of("analyst"), tables_of(rolled_back.folder).areas
    parts = [read(f"{NEWEST}/areas?limit=4&offset={n}", key).json() for n in range(0, areas.height + 4, 4)]
    rows = [row for part in parts for row in part["items"]]
    assert all(part["count"] == areas.height for part in parts)
    assert pl.DataFrame(rows, areas.schema).equals(areas)
    explained = read(f"{NEWEST}/areas/0101/why", key, **{"Accept-Language": "en"}).json()
    assert explained["question"].startswith("Why")
    assert explained["steps"][0]["column"] == "releasable"
    assert read(f"{NEWEST}/areas/0101/why", key).json()["question"].startswith("Hvorfor")
    same = read(f"{NEWEST}/changes?since={rolled_back.run_id}", key).json()
    assert same == {"items": [], "count": 0}
    assert read("/api/v1/parameters/publish.least_people_shown?on=2026-02-01", key).json()["in_force"]["value"] == 5


def test_what_has_not_changed_is_not_sent_again(rolled_back: FinishedRun) -> None:
    key = key_of("analyst")
    first = read(f"{NEWEST}/areas", key)
    again = read(f"{NEWEST}/areas", key, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert read(f"{NEWEST}/areas?limit=1", key, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_small_counts_are_held_back(three_people: Run) -> None:
    key = key_of("analyst")
    row = read(f"{NEWEST}/areas/0751", key).json()
    assert row["people_no_choice"] is None
    assert [row[c] for c in row if c.startswith("people_")].count(None) >= 2
    why = read(f"{NEWEST}/areas/0751/why", key).content.decode()
    assert "1.797" not in why
    assert '"value": 3,' not in why
    assert '"value": 3}' not in why


def test_a_what_if_is_that_of_the_page(rolled_back: FinishedRun) -> None:
    practices = tables_of(rolled_back.folder).practices
    practice_id = practices.filter(pl.col("municipality") == "0101").sort("patients")["practice_id"][-1]
    told = read(f"{NEWEST}/what-if?closed={practice_id}", key_of("planner")).json()
    assert told["closed"] == [practice_id]
    assert told["displaced"] == practices.filter(practice_id=practice_id)["patients"].item()
    other = practices.filter(pl.col("municipality") == "0751")["practice_id"][0]
    assert read(f"{NEWEST}/what-if?closed={other}", key_of("planner")).status_code == 404
    assert Event.objects.filter(what="coverage.what_if", who="planner").count() == 1


def test_faults_say_what_is_wrong(rolled_back: FinishedRun) -> None:
    key = key_of("analyst")
    wrong = read(f"{NEWEST}/areas?level=county&limit=0", key)
    assert wrong.status_code == 422
    assert [part.partition(":")[0] for part in wrong.json()["where"]] == ["query.level", "query.limit"]
    assert read(f"{NEWEST}/events", key).status_code == 404
    assert read("/api/v1/events", key).json() == {"detail": "Din rolle giver ikke adgang til dette.", "where": []}


@pytest.fixture
def one_transaction(rolled_back: FinishedRun) -> Iterator[None]:
    """Requests come through the web server's own door, which would close the connection after each."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


ADDRESSES = [address for address, *_ in operations()]
UNLIKELY = ("/changes", "/what-if", "/causes", "/{job_id}", "/{search_id}", "/{import_id}")  # need ids of what is there


def test_every_address_of_the_api_is_described() -> None:
    described = {name for name in MATRIX if name.startswith("api:")} - {"api:openapi-json", "api:api-root"}
    assert len(ADDRESSES) == len(described)


@pytest.fixture
def keys(rolled_back: FinishedRun) -> dict[str, str]:
    """What a program of each role shows, and of nobody."""
    return {role: key_of(role) for role in sorted(EVERYBODY)} | {"nobody": "fordel_" + "x" * 43}


@pytest.mark.parametrize("address", ADDRESSES)
def test_requests_made_up_at_random_are_answered_as_described(
    address: str, keys: dict[str, str], one_transaction: None
) -> None:
    """Half of them keep to the description, half do not; each role asks, with a key, and so does nobody."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = described[address]["GET"]
    practice_id = tables_of("runs/small").practices["practice_id"][0]
    real = {"run_id": "newest", "area_id": "0101", "practice_id": practice_id, "name": "minimum.list_maximum"}
    if address.endswith("/files/{name}"):
        real["name"] = "plan.datapackage.zip"
    answered: dict[str, set[int]] = {who: set() for who in keys}

    def told(case: Any, who: str, *, as_it_is: bool) -> None:
        if as_it_is:  # a run and an area that are there, so that the rest of the request matters
            given = case.path_parameters or {}
            case.path_parameters = {name: real.get(name, value) for name, value in given.items()}
        answer = case.call_and_validate(
            headers={"Authorization": f"Bearer {keys[who]}"},
            checks=[not_a_server_error, response_schema_conformance, status_code_conformance],
        )
        answered[who].add(answer.status_code)

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(
        case=operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(GenerationMode.NEGATIVE),
        who=st.sampled_from(sorted(keys)),
        as_it_is=st.booleans(),
    )
    def ask(case: Any, who: str, *, as_it_is: bool) -> None:
        told(case, who, as_it_is=as_it_is)

    ask()
    for who in keys:
        told(
            operation.Case(path_parameters={name: real.get(name, 1) for name in re.findall(r"{(\w+)}", address)}),
            who,
            as_it_is=True,
        )
    assert answered["nobody"] <= {401, 422}
    assert 200 in answered["auditor"] or address.endswith(UNLIKELY)
