from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from fordel.publish import law_words
from fordel.publish.explain import as_html, as_json, as_plain, as_text, explain_area, explain_practice
from fordel.runs.record import Run


class Tags(HTMLParser):
    """Checks that every tag is closed in its turn, and collects text and attributes."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


def test_the_page_holds_the_whole_tree_and_loads_nothing(small_run: Run) -> None:
    told = explain_practice(small_run, "010101")
    tags = read(as_html(told))
    text = " ".join(tags.text)
    for top in told.steps:
        for step in top.walk():
            assert step.label in text
            assert step.arithmetic in text
            assert step.rule is None or law_words.sentence(step.rule.source, "da") in text
    assert small_run.manifest.snapshot_fingerprint in text
    assert "SYNTETISKE DATA" in text
    assert tags.links == ["data:,"]
    assert "<script" not in as_html(told)


def test_names_are_never_read_as_html(small_run: Run) -> None:
    odd = small_run.practices.with_columns(name=pl.lit("<b>Læge & Søn</b><script>alert(1)</script>"))
    html = as_html(explain_practice(replace(small_run, practices=odd), "010101"))
    assert "<script" not in html
    assert "&lt;b&gt;Læge &amp; Søn&lt;/b&gt;" in html


def test_an_area_and_an_empty_list_have_pages_in_both_languages(small_run: Run) -> None:
    for lang in ("da", "en"):
        for told in (explain_area(small_run, "dk", lang), explain_practice(small_run, "036002", lang)):
            assert "None" not in as_html(told)
            assert f'<html lang="{lang}">' in as_html(told)
            assert told.answer in as_plain(told, 10_000)


def test_a_doctor_is_told_in_plain_words_with_the_practice_s_own_numbers(small_run: Run) -> None:
    plain = as_plain(explain_practice(small_run, "030601"), 10_000)
    assert "Hvorfor er det vejledende minimum 1.333 patienter pr. kapacitet?" in plain
    assert "brug for 20 % mere af almen praksis end landets gennemsnit (vægt 1,200)" in plain
    assert "Lægehuset i Vig har 2.468 tilmeldte og må lukke for tilgang ved 1.333." in plain
    assert "går der omkring 7,4 år" in plain
    assert "regionen skal i dialog med jer" in plain
    light = as_plain(explain_practice(small_run, "010101", "en"), 10_000)
    assert "need 8 % less of general practice" in light
    assert "You hold 3 capacities of 1,738 patients, 5,214 in all." in light
    assert not re.search(r"minimum\.\w+", plain), "no names of rules"


def test_plain_words_fit_their_width(small_run: Run) -> None:
    for width in (80, 60):
        assert max(map(len, as_plain(explain_practice(small_run, "010103"), width).splitlines())) <= width


@pytest.mark.slow
def test_any_number_of_the_country_is_explained_within_a_fifth_of_a_second(demo_run: Run) -> None:
    """Processor time, so that what else the machine does is not measured."""
    for practice in demo_run.practices["practice_id"].gather_every(100):
        started = time.process_time()
        told = explain_practice(demo_run, practice)
        assert all(form(told) for form in (as_text, as_json, as_html, as_plain))
        assert time.process_time() - started < 0.2
    for area in ("dk", "region-sjaelland", "sundhedsraad-fyn", "0101"):
        started = time.process_time()
        as_text(explain_area(demo_run, area))
        assert time.process_time() - started < 0.2
