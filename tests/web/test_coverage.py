"""Coverage: the page, the map, the file and the what-if, the same small counts held back in each."""

from __future__ import annotations

import csv
import io
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.conf import settings
from django.test import Client

from fordel.coverage.closures import effect
from fordel.coverage.reassign import close
from fordel.engines.flow import NetworkSimplex
from fordel.runs.record import Run
from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from fordel.web.coverage import what_if
from fordel.web.coverage.queries import standing_of
from fordel.web.coverage.sites import own_settlements, site
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import Seen, tables_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode("utf-8-sig"))


def test_what_is_held_back_is_so_everywhere(three_people: Run, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("analyst")
    page = text_of(client, "/daekning/")
    row = next(line for line in page.split("<tr>") if "/omraader/0751/" in line)
    assert row.count("skjult") >= 2
    assert "Skjult: antal på under 5 personer" in page
    rows = list(csv.DictReader(io.StringIO(text_of(client, "/daekning/kommuner.csv")), delimiter=";"))
    told = next(row for row in rows if row["Områdekode"] == "0751")
    assert list(told.values())[3] == ""
    assert list(told.values()).count("") >= 2
    area = text_of(client, "/omraader/0751/")
    assert "1.797" not in page + area + str(rows)
    assert area.count("skjult") >= 2


def test_the_map_is_a_picture_of_ones_own_area(rolled_back: FinishedRun, signed_in: Callable[[str], Client]) -> None:
    drawn = {role: text_of(signed_in(role), "/daekning/kort.svg") for role in ("analyst", "planner")}
    for picture in drawn.values():
        assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314 - made by us
        assert "Intet åbent valg" in picture
    practices = tables_of(rolled_back.folder).practices
    elsewhere = practices.filter(pl.col("municipality") == "0751")["name"][0]
    assert elsewhere in drawn["analyst"]
    assert elsewhere not in drawn["planner"]


def test_closing_tells_what_the_engine_found(rolled_back: FinishedRun, signed_in: Callable[[str], Client]) -> None:
    client, standing = signed_in("analyst"), standing_of(rolled_back.folder)
    practice_id = standing.survey.practices.sort("patients")["practice_id"][-1]
    after = close(standing.now, [standing.survey.number(practice_id)], NetworkSimplex())
    page = text_of(client, f"/daekning/hvis/?praksis={practice_id}")
    figures = [line.partition("</dd>")[0] for line in page.split("<dd>")[1:5]]
    sums = effect(standing.now, after)
    numbers = ("displaced", "stranded", "people_losing_two", "people_losing_all")
    shown = [f"{int(sums[name]):,}".replace(",", ".") for name in numbers]
    assert all(figure in (number, "skjult") for figure, number in zip(figures, shown, strict=True))
    assert figures[0] == shown[0]
    event = Event.objects.filter(what="coverage.what_if").first()
    assert event is not None
    assert (event.who, event.new) == ("analyst", {"closed": [practice_id]})


def test_words_that_fit_several_give_a_choice_and_a_few_close_together(
    rolled_back: FinishedRun, signed_in: Callable[[str], Client]
) -> None:
    client, practices = signed_in("analyst"), tables_of(rolled_back.folder).practices
    name = practices["name"][0]
    assert "praksis passer. Vælg en:" in text_of(client, f"/daekning/hvis/?praksis={name[:3]}")
    assert "Ingen praksis i dit område passer" in text_of(client, "/daekning/hvis/?praksis=findes-ikke")
    two = practices["practice_id"][:2].to_list()
    page = text_of(client, f"/daekning/hvis/?lukket={two[0]}&praksis={two[1]}")
    assert f'name="lukket" value="{two[0]}"' in page
    assert f'name="lukket" value="{two[1]}"' in page
    many = "&".join(f"lukket={i}" for i in practices["practice_id"][: what_if.MOST + 1])
    assert "Højst 5 praksis" in text_of(client, f"/daekning/hvis/?{many}")


def test_only_ones_own_practices_close(rolled_back: FinishedRun, signed_in: Callable[[str], Client]) -> None:
    practices = tables_of(rolled_back.folder).practices
    own, other = (practices.filter(pl.col("municipality") == m)["practice_id"][0] for m in ("0101", "0751"))
    assert signed_in("planner").get(f"/daekning/hvis/?lukket={own}").status_code == 200
    assert signed_in("planner").get(f"/daekning/hvis/?lukket={other}").status_code == 404
    assert "Ingen praksis i dit område" in text_of(signed_in("planner"), f"/daekning/hvis/?praksis={other}")
    for nonsense in ("lukket=x", "lukket=000000", "lukket=%00"):
        assert signed_in("analyst").get(f"/daekning/hvis/?{nonsense}").status_code == 404


def test_the_outcome_adds_up_and_nothing_small_is_told(rolled_back: FinishedRun) -> None:
    """Every practice closed in turn: what is shown is the engine's, what is small is not, and nothing hides alone."""
    seen = Seen(rolled_back, User.objects.get(username="analyst"))
    standing = standing_of(rolled_back.folder)
    for number, practice_id in enumerate(standing.survey.practices["practice_id"]):
        found = what_if.outcome(seen, [practice_id])
        after = close(standing.now, [number], NetworkSimplex())
        counts = [taker.taken for taker in found.takers] + [found.stranded]
        assert all(n is None or n == 0 or n >= found.least for n in [*counts, *found.people.values()])
        assert counts.count(None) != 1
        by_id = dict(zip(standing.survey.practices["practice_id"], after.taken, strict=True))
        assert all(taker.taken in (None, by_id[taker.practice_id]) for taker in found.takers)
        assert found.displaced == after.displaced
        for column in what_if.COLUMNS:
            parts = [row.people[column] for row in found.changed]
            whole = found.people[column]
            hidden = [*parts, whole].count(None)
            assert hidden != 1
            assert hidden or sum(n for n in parts if n is not None) == whole


def test_the_whole_country_answers_within_a_second(demo_run: Run, rolled_back: FinishedRun, tmp_path: Path) -> None:
    from fordel.runs.record import write_run

    folder = settings.HOME / "runs" / "demo"
    if not folder.exists():
        write_run(demo_run, folder)
    whole = FinishedRun(run_id="0" * 64, folder="runs/demo", law_date=date(2026, 2, 1))
    seen = Seen(whole, User.objects.get(username="analyst"))
    standing_of("runs/demo")
    opened = [site(seen, str(own_settlements(seen)["settlement_id"][100]))]
    times = []
    for practice_id in demo_run.practices["practice_id"][::170]:
        began = time.perf_counter()
        what_if.outcome(seen, [practice_id], opened)
        times.append(time.perf_counter() - began)
    assert float(np.median(times)) < 1.0, times


def test_opening_a_practice_tells_who_gains_a_choice(
    rolled_back: FinishedRun, signed_in: Callable[[str], Client]
) -> None:
    client, seen = signed_in("analyst"), Seen(rolled_back, User.objects.get(username="analyst"))
    town = own_settlements(seen).row(0, named=True)
    page = text_of(client, f"/daekning/hvis/?ny={town['settlement_id']}&kapaciteter=2")
    assert "Hvis der åbnes" in page
    assert f"Åbner med kapaciteter: 2: {town['name']}" in page
    assert "højst 3.200 patienter" in page
    assert "Hvor patienterne finder plads" not in page
    event = Event.objects.filter(what="coverage.what_if").first()
    assert event is not None
    assert event.new == {"closed": [], "opened": [str(town["settlement_id"])], "capacities": 2}
    practice_id = seen.practices["practice_id"][0]
    both = text_of(client, f"/daekning/hvis/?lukket={practice_id}&ny={town['settlement_id']}")
    assert "Hvis der lukkes og åbnes" in both
    assert f'?ny={town["settlement_id"]}&"' in both  # leaves the closed one open
    assert f'?lukket={practice_id}&"' in both


def test_what_opens_adds_up_and_nothing_small_is_told(rolled_back: FinishedRun) -> None:
    seen = Seen(rolled_back, User.objects.get(username="analyst"))
    gained = 0
    for settlement_id in own_settlements(seen)["settlement_id"].cast(pl.String)[::7]:
        found = what_if.outcome(seen, [], [site(seen, settlement_id)])
        assert all(n is None or n == 0 or n >= found.least for n in found.people.values())
        assert not any(found.people[column] for column in what_if.LOSSES)
        gained += sum(n or 0 for n in found.people.values())
        for column in what_if.COLUMNS:
            parts = [row.people[column] for row in found.changed]
            assert [*parts, found.people[column]].count(None) != 1
    assert gained > 0


def test_towns_are_found_by_name_and_only_ones_own(
    rolled_back: FinishedRun, signed_in: Callable[[str], Client]
) -> None:
    everywhere = own_settlements(Seen(rolled_back, User.objects.get(username="analyst")))
    other = everywhere.filter(pl.col("municipality") == "0751").row(0, named=True)
    assert signed_in("planner").get(f"/daekning/hvis/?ny={other['settlement_id']}").status_code == 404
    page = text_of(signed_in("planner"), "/daekning/hvis/?by=findes-ikke")
    assert "Ingen by i dit område hedder noget med »findes-ikke«" in page
    assert "byer passer. Vælg en:" in text_of(signed_in("analyst"), "/daekning/hvis/?by=e")
    for nonsense in ("ny=x", "ny=0", "ny=%00", "ny=1.5"):
        assert signed_in("analyst").get(f"/daekning/hvis/?{nonsense}").status_code == 404
