"""What pages show: numbers as the run has them, in both languages, and what to do where there is nothing yet."""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, timedelta
from string import Formatter

import polars as pl
import pytest
from django.conf import settings
from django.test import Client

from fordel.publish import law_words
from fordel.runs.execute import execute
from fordel.runs.record import write_run
from fordel.tables import Tables
from fordel.web.overview.queries import calendar
from fordel.web.runs.actions import add_run
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import Seen, tables_of
from fordel.web.texts import LANGUAGES, catalogue


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_text_is_there_in_both_languages(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() == text and text for text in texts.values())
    places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts.values()]
    assert places[0] == places[1]


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 2, 1), date(2026, 11, 25), date(2028, 2, 29)])
def test_the_calendar_goes_a_year_ahead(today: date) -> None:
    steps = calendar(today)
    assert len(steps) == 5
    assert [step.due for step in steps] == sorted(step.due for step in steps)
    assert all(0 <= step.days_left < 366 and (step.due - today).days == step.days_left for step in steps)


NONSENSE = ("q=%00", "q='; DROP TABLE", "side=-1", "side=zzz", "kommune=9999", "dag=2026-13-45", "sorter=-x")


@pytest.mark.slow
@pytest.mark.xdist_group("web")
class TestPages:
    """Pages of the small country."""

    def test_the_front_page_leads_to_the_municipalities_that_stand_out(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        page = signed_in("analyst").get("/").content.decode()
        shown = re.search(r'sorter=-headroom">.*?<ol class="most">(.*?)</ol>', page, re.DOTALL)
        assert shown is not None
        towns = tables_of(rolled_back.folder).areas.filter(pl.col("level") == "municipality", pl.col("headroom") > 0)
        headroom = dict(towns.select("area_id", "headroom").iter_rows())
        named = re.findall(r"/omraader/(\d{4})/", shown[1])
        assert [headroom[area] for area in named] == sorted(headroom.values(), reverse=True)[:5]
        assert "Kommuner, der skiller sig ud" in page

    def test_areas_show_the_run_s_own_numbers(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        page = signed_in("analyst").get("/omraader/?niveau=municipality&sorter=-people").content.decode()
        rows = re.findall(r'<th scope="row"[^>]*><a href="/omraader/(\d{4})/">', page)
        areas = tables_of(rolled_back.folder).areas
        expected = areas.filter(areas["level"] == "municipality").sort("people", descending=True)
        assert rows == expected["area_id"].to_list()
        assert "12.003" in page

    def test_a_page_speaks_english_when_asked(self, signed_in: Callable[[str], Client]) -> None:
        client = signed_in("analyst")
        client.post("/sprog/", {"language": "en"})
        page = client.get("/omraader/").content.decode()
        assert 'lang="en"' in page
        assert "12,003" in page

    def test_key_figures_are_told_against_the_run_before(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
    ) -> None:
        client = signed_in("analyst")
        assert "Ændringerne er siden" not in client.get("/").content.decode()
        now = tables_of(rolled_back.folder).areas.filter(level="nation").row(0, named=True)
        more = execute(small_country, day=rolled_back.law_date, total=now["ceiling"] + 3)
        folder = write_run(more, settings.HOME / "runs" / "more")
        add_run(more, folder, by="test", at=rolled_back.made_at + timedelta(minutes=1))
        page = client.get("/").content.decode()
        assert "<small>+3</small>" in page
        assert "<small>uændret</small>" in page
        assert "Ændringerne er siden den forrige kørsel" in page

    def test_areas_are_drawn_and_an_area_stands_out(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        client = signed_in("analyst")
        whole, one = (client.get(f"/omraader/{which}kort.svg").content.decode() for which in ("", "0147/"))
        for drawn in (whole, one):
            assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - made by us
            assert "Råderum og overskud" in drawn
        assert whole.count('href="#m0147"') == one.count('href="#m0147"') - 1  # its border is drawn once more
        assert 'id="m0751"' in whole
        assert 'id="m0751"' not in signed_in("planner").get("/omraader/kort.svg").content.decode()

    def test_a_filter_finds_danish_letters_and_says_when_nothing_fits(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        client, practices = signed_in("analyst"), tables_of(rolled_back.folder).practices
        name = next(name for name in practices["name"] if re.search("[æøåÆØÅ]", name))
        assert (
            f'<a href="/praksis/{practices.filter(practices["name"] == name)["practice_id"][0]}/">'
            in client.get("/praksis/", {"q": name.upper()}).content.decode()
        )
        assert "Ingen praksis passer" in client.get("/praksis/", {"q": "no such practice"}).content.decode()

    @pytest.mark.parametrize(
        "nonsense", ["%00", "'; DROP TABLE", "side=-1", "side=zzz", "kommune=9999", "dag=2026-13-45"]
    )
    def test_nonsense_in_an_address_is_no_fault_of_ours(
        self, nonsense: str, signed_in: Callable[[str], Client]
    ) -> None:
        for address in ("/praksis/", "/omraader/", "/lov/"):
            assert signed_in("analyst").get(f"{address}?{nonsense}").status_code in (200, 404)

    def test_what_one_sees_is_ones_own(self, rolled_back: FinishedRun) -> None:
        from fordel.web.accounts.models import User

        seen = Seen(rolled_back, User.objects.get(username="politician"))
        assert set(seen.practices["municipality"]) <= {"0101", "0147", "0400"}
        assert set(seen.areas["area_id"]) == {
            *("dk", "region-hovedstaden", "sundhedsraad-hovedstaden", "0101", "0147", "0400")
        }

    def test_a_number_is_explained_with_its_arithmetic(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        practices = tables_of(rolled_back.folder).practices.drop_nulls("minimum_per_capacity")
        page = signed_in("analyst").get(f"/praksis/{practices['practice_id'][0]}/").content.decode()
        assert 'class="sum">= ' in page
        assert "Kilde: " in page

    def test_before_the_first_run_pages_say_what_to_do(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        from fordel.web.placement.models import Search

        client = signed_in("planner")
        Search.objects.all().delete()
        FinishedRun.objects.all().delete()
        pages = ("/", "/omraader/", "/praksis/", "/daekning/", "/placering/", "/koersler/", "/koersler/sammenlign/")
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200
            assert "planlægger, en analytiker eller en administrator" in answer.content.decode()


def test_the_calendar_names_its_sources() -> None:
    from importlib.resources import files

    text = (files("fordel.web.overview") / "calendar.toml").read_text(encoding="utf-8")
    sources = [step["source"] for step in tomllib.loads(text)["step"]]
    assert all(sources)
    assert not any(law_words.left_in_english(source, "da") for source in sources)
