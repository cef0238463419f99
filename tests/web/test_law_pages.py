"""What the law rests on, in the language of the page: sources and notes in the law book, at runs, in explanations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client

from fordel.law import DatedValue, Lawbook
from fordel.publish import law_words
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of

MARKED = '<span lang="en">'


def cited(values: tuple[DatedValue, ...]) -> set[str]:
    """Every source and note of a parameter, those of variants too."""
    own = {text for value in values for text in (value.source, value.note)}
    others = {text for value in values for other in value.variants for text in (other.source, other.note)}
    return (own | others) - {""}


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.slow
@pytest.mark.xdist_group("web")
class TestLawPages:
    """Pages of the small country that cite the law."""

    def test_the_law_book_has_no_english_note_on_a_danish_page(self, signed_in: Callable[[str], Client]) -> None:
        client = signed_in("analyst")
        for parameter in Lawbook.shipped().parameters.values():
            page = page_of(client, f"/lov/{parameter.full_name}/")
            assert MARKED not in page
            for english in cited(parameter.values):
                danish = law_words.sentence(english, "da")
                assert danish in page
                assert danish == english or f">{english}" not in page

    def test_the_law_book_stays_english_on_an_english_page(self, signed_in: Callable[[str], Client]) -> None:
        client = signed_in("analyst")
        client.post("/sprog/", {"language": "en"})
        parameter = Lawbook.shipped().parameter("apportionment_method")
        page = page_of(client, f"/lov/{parameter.full_name}/")
        assert MARKED not in page
        assert all(english in page for english in cited(parameter.values))

    def test_what_the_law_book_has_no_danish_for_is_marked_as_english(
        self, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = Lawbook.shipped().parameter("list_maximum")
        older = replace(known, values=(replace(known.values[0], source="Old <source>", note="Old note."),))
        monkeypatch.setattr(Lawbook, "parameter", lambda _book, _name: older)
        page = signed_in("analyst").get(f"/lov/{known.full_name}/").content.decode()
        assert f"{MARKED}Old &lt;source&gt;</span>" in page
        assert f"{MARKED}Old note.</span>" in page

    def test_runs_and_explanations_cite_in_danish(
        self, signed_in: Callable[[str], Client], rolled_back: FinishedRun
    ) -> None:
        client, run = signed_in("analyst"), tables_of(rolled_back.folder)
        practice = run.practices.drop_nulls("minimum_per_capacity")["practice_id"][0]
        for address in (f"/koersler/{rolled_back.run_id}/", f"/praksis/{practice}/", "/omraader/0147/", "/"):
            page = page_of(client, address)
            assert MARKED not in page
            assert "Assumption" not in page
            assert " / capacity" not in page
            assert "18 Sep 2025" not in page
            assert "23 Sep 2025" not in page
        assert "Antagelse: " in page_of(client, f"/praksis/{practice}/")
