"""Every source and note of the law in Danish: none missing, none left over, the same numbers in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import fordel.casework
import fordel.plan  # noqa: F401 - these two register every rule
from fordel.law import DatedValue, Lawbook, Wording, registered_rules
from fordel.publish import law_words
from fordel.publish.explain import as_html, as_plain, as_text, explain_practice
from fordel.publish.report import write_report
from fordel.runs.laws import law_for
from fordel.runs.record import Run

BOOK = Lawbook.shipped()
CATALOGUE = law_words._danish()
# Words that stand in English sentences and in no Danish one.
ENGLISH = re.compile(
    r"\b(the|of|and|is|was|are|were|section|which|not|until|from|with|Assumption|Inferred|Whether|order|May|June|July|Sep|Oct)\b"
)


def rules() -> list[Wording]:
    """Every wording of a rule that comes with the package; tests register others."""
    return [w for w in registered_rules() if w.function.__module__.startswith("fordel.")]


def sentences() -> set[str]:
    """Every source and note of the book, of regions' own values, of rules, and of what a user sets for one run."""
    own = [values for of_one in BOOK.overrides.values() for values in of_one.values()]
    held = [value for values in (*(p.values for p in BOOK.parameters.values()), *own) for value in values]
    found = {text for value in held for text in _of(value)}
    set_here = law_for(BOOK, date(2026, 2, 1), [("list_maximum", 2500)]).parameter("list_maximum")[1]
    return {text for text in found | {*_of(set_here)} | {w.source for w in rules()} if text}


def _of(value: DatedValue) -> Iterator[str]:
    yield from (value.source, value.note)
    for other in value.variants:
        yield from (other.source, other.note)


def numbers(text: str) -> list[str]:
    """The numbers of a sentence, whatever their marks of thousands and decimals: 1,600 and 1.600 are the same."""
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", text)))


def test_every_source_and_note_of_the_law_has_its_danish_sentence_and_none_is_left_over() -> None:
    terms = {w.term for w in rules()}
    known = sentences()
    assert len(known) > 250
    missing, left_over = (known | terms) - CATALOGUE.keys(), CATALOGUE.keys() - known - terms
    assert not missing, "write the Danish of these in src/fordel/publish/law_sources.toml"
    assert not left_over, "neither the law book nor a rule says this any more; take it out of law_sources.toml"
    assert not known & terms
    assert not any(law_words.left_in_english(text, "da") for text in known | terms)


@pytest.mark.parametrize("english", sorted(CATALOGUE))
def test_the_danish_sentence_is_danish_and_has_the_same_numbers(english: str) -> None:
    danish = law_words.sentence(english, "da")
    assert danish.strip() == danish != ""
    assert numbers(danish) == numbers(english)
    assert not ENGLISH.search(danish)
    assert danish.endswith(".") == english.endswith(".")
    assert danish.startswith("Antagelse: ") == english.startswith("Assumption: ")
    assert re.findall(r"§ \d+(?: [a-z]\b)?", danish) == re.findall(r"§ \d+(?: [a-z]\b)?", english)
    assert law_words.sentence(english, "en") == english


def test_numbers_are_compared_whatever_their_marks() -> None:
    assert numbers("1,600 of 2.5 on 18 Sep 2025") == numbers("1.600 af 2,5 den 18. september 2025")
    assert numbers("1,600 of 2.5") != numbers("1.600 af 2,6")


def test_a_sentence_of_an_older_law_book_stays_english_and_says_so() -> None:
    older = "A source nobody cites any more"
    assert law_words.sentence(older, "da") == older
    assert law_words.left_in_english(older, "da")
    assert not law_words.left_in_english(older, "en")
    assert not law_words.left_in_english("", "da")


@pytest.fixture
def old_run(small_run: Run) -> Run:
    """A run whose rules and parameters cite what the law book says no more."""
    told = [
        replace(
            used,
            term="Old <term>.",
            source="Old <source> of a rule",
            parameters=tuple(replace(p, source=f"Old source of {p.name}", note="Old note.") for p in used.parameters),
        )
        for used in small_run.rules
    ]
    return replace(small_run, rules=tuple(told))


def test_an_explanation_cites_in_its_own_language(small_run: Run) -> None:
    danish, english = (explain_practice(small_run, "010101", lang) for lang in ("da", "en"))
    sources = {step.rule.source for top in danish.steps for step in top.walk() if step.rule}
    for source in sources | {p.source for p in danish.assumptions()} | {p.note for p in danish.assumptions()}:
        shown = law_words.sentence(source, "da")
        assert shown in as_text(danish, 10_000)
        assert source in as_text(english, 10_000)
        if shown != source:
            assert source not in as_text(danish, 10_000)
    assert "Assumption" not in as_text(danish) + as_html(danish) + as_plain(danish)
    assert 'lang="en"' not in as_html(danish)


def test_an_explanation_of_an_old_run_says_what_is_left_in_english(old_run: Run) -> None:
    html = as_html(explain_practice(old_run, "010101"))
    assert '<span lang="en">Old &lt;source&gt; of a rule</span>' in html
    assert '<span lang="en">Old note.</span>' in html
    assert "<span lang" not in as_html(explain_practice(old_run, "010101", "en"))


def test_the_report_cites_in_its_own_language(small_run: Run, old_run: Run, tmp_path: Path) -> None:
    write_report(small_run, tmp_path / "now")
    write_report(old_run, tmp_path / "then")
    now, then = ((tmp_path / name / "index.html").read_text(encoding="utf-8") for name in ("now", "then"))
    english = (tmp_path / "now" / "en.html").read_text(encoding="utf-8")
    assert "Antagelse: " in now
    assert "Assumption: " not in now
    assert "Antagelse: " not in english
    assert "Minimum for en hel praksis (minimumspatienttal)." in now
    assert 'lang="en">' not in now.partition("<main")[2]
    assert "disease-weighted" not in now
    assert "1.600 sygdomsvægtede borgere pr. kapacitet" in now
    for left in ("Old &lt;source&gt; of a rule", "Old &lt;term&gt;.", "Old note."):
        assert f'<span lang="en">{left}</span>' in then
