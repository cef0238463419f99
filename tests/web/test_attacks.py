"""What somebody who means harm tries over HTTP: forged forms, other people's things, other hosts, guessed passwords."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import polars as pl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fordel.publish.export import table_csv
from fordel.web.accounts.models import User
from fordel.web.api.actions import make_key
from fordel.web.coverage import queries as coverage
from fordel.web.runs import queries as runs
from fordel.web.runs.models import FinishedRun
from fordel.web.security import HEADERS
from web.conftest import PASSWORD
from web.matrix import EVERYBODY, MATRIX
from web.test_addresses import real

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
GOOD = {"username": "planner", "password": PASSWORD}

# What everybody may see who may see the page at all, or what is looked at in a test of its own.
SHARED = frozenset({"run_id", "job_id", "name", "kind", "form", "page", "account_id", "key_id", "draft_id"})


def test_every_address_of_a_thing_says_what_is_not_ones_own() -> None:
    unsaid = [
        name
        for name, row in MATRIX.items()
        if set(row.own) - SHARED and not row.other and row.own != {"run_id": "newest"}
    ]
    assert unsaid == []


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_nobody_takes_back_another_s_key(role: str, signed_in: Callable[[str], Client]) -> None:
    owner = User.objects.get(username="planner" if role != "planner" else "analyst")
    key, secret = make_key(owner, name="k", days=9, by=owner.username, at=timezone.now())
    assert signed_in(role).post(reverse("programs:revoke-key", args=[key.pk])).status_code == 404
    assert Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/runs").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_address_takes_a_forged_request(
    method: str, signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    """From the URL configuration, not from what is thought to write."""
    for name, row in MATRIX.items():
        role = min(row.may)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = signed_in(role).cookies
        values = real(row.own, rolled_back)
        answer = getattr(strict, method)(reverse(name, kwargs=values or None))
        assert answer.status_code in (403, 405), name
        assert all(answer.headers[header] == value for header, value in HEADERS.items()), name


ELSEWHERE = (
    *(
        "https://example.org/",
        "//example.org",
        "///example.org",
        "////example.org",
        "/\\example.org",
        "\\\\example.org",
    ),
    *("https:example.org", "https:/example.org", "https:///example.org", "http:\\\\example.org", "HTTPS://example.org"),
    *(
        "%2f%2fexample.org",
        "%5c%5cexample.org",
        "/%09/example.org",
        "\t//example.org",
        "/\t/example.org",
        " //example.org",
    ),
    *(
        "//testserver@example.org",
        "//example.org\\@testserver",
        "https://testserver.example.org",
        "javascript:alert(1)",
    ),
    *(
        "data:text/html,x",
        "//example.org:80",
        "http://[::1]/",
        "/\n/example.org",
        "//\u3002example.org",
        "\u2028//example.org",
    ),
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_answer_leads_elsewhere(elsewhere: str, rolled_back: FinishedRun) -> None:
    client = Client()
    answers = [
        client.post("/sprog/", {"language": "en", "next": elsewhere}),
        client.post("/konto/log-ind/", GOOD | {"next": elsewhere}),
        Client().post(f"/konto/log-ind/?next={elsewhere}", GOOD),
    ]
    for answer in answers:
        assert answer.status_code == 302
        # A browser takes tabs and line ends out, and a backslash for a slash.
        to = re.sub(r"[\t\r\n]", "", answer.headers["Location"]).strip().replace("\\", "/")
        assert urlsplit(urljoin("http://testserver/konto/log-ind/", to))[:2] == ("http", "testserver"), to


def test_an_address_with_two_slashes_leads_to_our_own_sign_in(rolled_back: FinishedRun) -> None:
    for path in ("//example.org/", "//example.org/konto/", "/\\example.org/"):
        answer = Client().get(path)
        assert "//example.org" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "host", ["example.org", "testserver.example.org", "testserver@example.org", "a b", "testserver:x"]
)
def test_no_other_host_is_ours(host: str, rolled_back: FinishedRun) -> None:
    for address in ("/konto/log-ind/", "/", "/api/v1/openapi.json"):
        answer = Client(headers={"host": host}).get(address)
        assert answer.status_code == 400
        assert host not in answer.content.decode()
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    spoofed = Client(headers={"x-forwarded-host": host, "forwarded": f"host={host}"}).get("/praksis/")
    assert spoofed.headers["Location"] == "/konto/log-ind/?next=/praksis/"


def test_errors_and_static_files_have_the_headers(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.STATIC_ROOT / "attack.css").write_text("p { color: #000 }", encoding="utf-8")
    client = signed_in("politician")
    client.raise_request_exception = False
    monkeypatch.setattr(runs, "tables_of", lambda folder: 1 / 0)
    asked: dict[int, Callable[[], Any]] = {
        200: lambda: client.get("/static/attack.css"),
        302: lambda: Client().get("/praksis/"),
        400: lambda: client.get("/", headers={"host": "example.org"}),
        401: lambda: Client().get("/api/v1/runs"),
        403: lambda: client.get("/log/"),
        404: lambda: client.get("/findes-ikke/"),
        405: lambda: client.get("/sprog/"),
        413: lambda: client.post("/import/ny/", headers={"content-length": str(10**8)}),
        422: lambda: client.post("/programmer/noegle/", {}),
        500: lambda: client.get("/praksis/"),
    }
    for status, ask in asked.items():
        answer = ask()
        if answer.streaming:
            assert b"color" in b"".join(answer.streaming_content)
        assert answer.status_code == status
        assert all(answer.headers[header] == value for header, value in HEADERS.items()), status
    (settings.STATIC_ROOT / "attack.css").unlink()


FORMULAS = ('=HYPERLINK("http://example.org")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")


def formulas_in(content: bytes) -> tuple[list[str], int]:
    """Give the cells a spreadsheet would run, and how many there are of what was meant to be run."""
    text = content.decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text else ",")
    cells = [cell for row in rows for cell in row]
    run = [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-\D|-\d+\+", cell)]
    return run, sum("HYPERLINK" in cell for cell in cells)


def test_no_cell_of_a_download_is_a_formula(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = runs.tables_of(rolled_back.folder)
    hostile = pl.Series([FORMULAS[i % len(FORMULAS)] for i in range(whole.areas.height)])
    changed = replace(whole, areas=whole.areas.with_columns(hostile.alias("name")))
    for module in (runs, coverage):
        monkeypatch.setattr(module, "tables_of", lambda folder: changed)
    client = signed_in("analyst")
    for language in ("da", "en"):
        client.post("/sprog/", {"language": language})
        answer = client.get("/daekning/kommuner.csv")
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        run, meant = formulas_in(answer.content)
        assert run == []
        assert meant >= 1
        table = table_csv(pl.DataFrame({"name": FORMULAS}), {"name": "navn"}, language)
        assert formulas_in(table) == ([], 1)


def test_what_people_call_themselves_is_text(signed_in: Callable[[str], Client]) -> None:
    bad = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    client = signed_in("administrator")
    given = {"username": "x", "name": bad, "role": "analyst", "ground": bad}
    assert client.post("/brugere/opret/", given).status_code == 200
    user = User.objects.get(username="x")
    pages = [client.get("/brugere/"), client.get(f"/brugere/{user.pk}/"), client.get("/brugere/", {"q": bad})]
    pages.append(signed_in("auditor").get("/log/"))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    pages.append(client.get("/konto/adgangskode/"))
    for page in pages:
        assert "<img src=x" not in page.content.decode()
        assert "<script>alert" not in page.content.decode()
        assert "&lt;img src=x" in page.content.decode()


@pytest.mark.parametrize("nonsense", ["q=%00", "q='; DROP TABLE", "rolle=king", "side=-1", "side=zzz", "tilstand=x"])
def test_nonsense_in_the_list_of_accounts_is_no_fault(nonsense: str, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("administrator").get(f"/brugere/?{nonsense}").status_code == 200
