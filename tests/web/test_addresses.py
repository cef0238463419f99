"""Every address, in every role, on what is one's own and on what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from fordel.stores import Fault
from fordel.web.accounts.models import User
from fordel.web.imports.models import Import
from fordel.web.jobs import actions as jobs
from fordel.web.placement.models import Search
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of
from fordel.web.security import HEADERS
from fordel.worker.told import fault_told
from web.matrix import EVERYBODY, MATRIX, NATIONAL

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def addresses(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"


REGIONS = {"OWN": "region-hovedstaden", "OTHER": "region-midtjylland"}
PLACE = {
    "site": "1km_6175_725",
    "area": "København",
    "name": "Vesterbro",
    "kind": "cell",
    "municipality": "0101",
    "easting": 725e3,
    "northing": 6175e3,
    "capacities": 2,
    "people_in_reach": 900,
    "people_second": 8,
    "people_first": None,
    "people_lost": 6,
    "next_best": "Valby (1km_6174_721)",
    "need_served": 1.25,
    "headroom": 4.0,
    "headroom_used": 2,
    "robust_mean": 12.5,
    "robust_tenth": 8.0,
    "turn": 1,
    "month": 1,
    "people_by_then": 9,
    **{f"principle_{name}": "met" for name in ("need", "people", "together", "flexible")},
    "principle_nation": "conflict",
    **{f"principle_{name}": "not judged" for name in ("access", "forms")},
}
GOAL = {"goal": "two_choices", "unit": "people", "value": 9.0, "bound": 10.0, "proven": False}
CLOSURES = {f"{which}_{what}": 100.0 for which in ("with", "without") for what in ("mean", "tenth")}
PLAN = {"goals": [GOAL], "all_goals": [GOAL], "closures": CLOSURES}
WISHES = {"in": [{"id": "1km_6175_725", "name": "Vesterbro"}], "out": [], "held_back": [], "per_month": 2}
CHANGE = {"what": "changed", "key": "010101", "columns": {"capacities_released": ["1.0", "2.5"], "name": ["a", "b"]}}
DIFFERENCE = {"table": "practices", "new": 0, "changed": 1, "removed": 0, "same": 1700, "examples": [CHANGE]}
FAULT = fault_told(Fault("unread", "a.xlsx", {"cell": "x", "kind": "et tal", "how": "ret det"}, "ark", 2, "n", (3,), 9))
OLD_FAULT = {"file": "a.csv", "rows": "2, 3", "column": "x", "found": "y", "expected": "z", "remedy": "mend it"}


def real(values: dict[str, Any], finished: FinishedRun) -> dict[str, Any]:
    """Put the small country's own ids where the matrix speaks of one's own and of others'."""
    practices = tables_of(finished.folder).practices
    ids = {"RUN": finished.run_id}
    for word, municipality in (("OWN", "0101"), ("OTHER", "0751")):
        ids[word] = practices.filter(practices["municipality"] == municipality)["practice_id"][0]
    given = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in values.items()}
    for name, count in (("search_id", 1), ("search_ids", 2)):
        if name in given:
            plans = [a_search(finished, REGIONS[values[name]]) for _ in range(count)]
            given[name] = plans[0].pk if count == 1 else "-".join(str(plan.pk) for plan in plans)
    if "import_id" in given:
        region = REGIONS[values["import_id"]]
        made = Import.objects.create(
            base=finished.snapshot, region=region, made_at=timezone.now(), made_by="test", state="ready",
            differences=[DIFFERENCE], faults=[OLD_FAULT, FAULT],
        )  # fmt: skip
        given["import_id"] = made.pk
    if "account_id" in given:
        given["account_id"] = User.objects.get_or_create(username="somebody", role="analyst")[0].pk
    if "job_id" in given:
        day, now = date(2026, 2, 1), timezone.now()
        given["job_id"] = jobs.ask(snapshot=finished.snapshot, law_date=day, total=None, by="test", at=now).pk
    return given


def a_search(finished: FinishedRun, region: str) -> Search:
    """A search that has its plan."""
    asked = {"region": region, "capacities": 3, "seconds": 10, "asked_by": "test", "asked_at": (now := timezone.now())}
    found = {"state": "done", "value": 9, "bound": 10, "beyond": 0, "places": [PLACE], "found": PLAN, "ended_at": now}
    return Search.objects.create(run=finished, **asked, **found, wishes={**WISHES, "goals": ["two_choices"]})


def asked(client: Client, name: str, values: dict[str, Any]) -> Any:
    address = reverse(name, kwargs=values or None)
    return client.post(address) if MATRIX[name].post else client.get(address)


def test_every_address_has_a_row() -> None:
    assert sorted(addresses(get_resolver())) == sorted(MATRIX)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("name", MATRIX)
def test_a_role_sees_what_it_may(
    name: str, role: str, signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    row = MATRIX[name]
    answer = asked(signed_in(role), name, real(row.own, rolled_back))
    assert answer.status_code == (row.answers if role in row.may else 403)
    expected = HEADERS if name != "runs:report" else HEADERS.keys() - {"Content-Security-Policy"}
    assert all(answer.headers[header] == HEADERS[header] for header in expected)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert ("no-cache" if name.startswith("api:") else "no-store") in answer.headers["Cache-Control"]
    if row.other and role in row.may:
        other = asked(signed_in(role), name, real(row.other, rolled_back))
        assert other.status_code == (row.answers if role in NATIONAL else 404)


@pytest.mark.parametrize("name", MATRIX)
def test_a_stranger_is_sent_to_sign_in(name: str, signed_in: Callable[[str], Client], rolled_back: FinishedRun) -> None:
    row = MATRIX[name]
    answer = asked(Client(), name, real(row.own, rolled_back))
    if row.public:
        assert answer.status_code in (200, 302, row.answers)
        assert "/konto/log-ind/?next" not in answer.headers.get("Location", "")
    else:
        assert answer.status_code == row.stranger
        assert row.stranger == 401 or answer.headers["Location"].startswith("/konto/log-ind/?next=/")
        if row.stranger == 302:  # after sign-in there is a page, not a form without its fields
            role = min(row.may)
            back = signed_in(role).get(parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0])
            assert back.status_code in (200, 204, 302, 404)


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.post])
def test_what_writes_refuses_get_and_forged_forms(
    name: str, signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    values = real(MATRIX[name].own, rolled_back)
    may = MATRIX[name].may
    role = "analyst" if "analyst" in may else max(may)
    assert signed_in(role).get(reverse(name, kwargs=values or None)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(role).cookies
    assert strict.post(reverse(name, kwargs=values or None)).status_code == 403


READ = [name for name, row in MATRIX.items() if not row.post and row.answers == 200]


@pytest.mark.parametrize("name", READ)
def test_a_page_takes_few_queries_as_an_ordinary_user(
    name: str, signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    role = next(role for role in ("planner", "auditor", "administrator") if role in MATRIX[name].may)
    client, values = signed_in(role), real(MATRIX[name].own, rolled_back)
    with CaptureQueriesContext(connection) as queries:
        assert asked(client, name, values).status_code == 200
    assert len(queries) <= 12, [query["sql"] for query in queries]


def test_nothing_there_says_so_in_ones_language(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("planner")
    answer = client.get("/findes-ikke/")
    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.content.decode()
    client.post("/sprog/", {"language": "en"})
    assert "There is no such page" in client.get("/findes-ikke/").content.decode()
