"""Show an explanation as one page of HTML: a tree that opens and closes, with no script and nothing from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.publish import law_words
from fordel.publish._explain_plain import plain_paragraphs
from fordel.publish._explain_text import plain_value
from fordel.publish._template import template
from fordel.publish._words import day_in_words, word
from fordel.runs.record import columns

if TYPE_CHECKING:
    from datetime import date

    from fordel.law import ParameterUsed
    from fordel.publish._explain_steps import Explanation


def as_html(explanation: Explanation) -> str:
    """Give the explanation as a whole page."""
    lang, table = explanation.lang, columns()[explanation.table]
    given = [(table[name].heading(lang), plain_value(value, lang)) for name, value in explanation.input_row.items()]

    def in_words(day: date) -> str:
        return day_in_words(day, lang)

    def words(key: str, **filled: str) -> str:
        return word(key, lang, **filled)

    def law(parameter: ParameterUsed) -> str:
        return law_words.used(parameter, lang)

    return template("explanation.html").render(
        e=explanation,
        law=law,
        lang=lang,
        w=words,
        day=in_words,
        given=given,
        plain=plain_paragraphs(explanation),
        assumptions=explanation.assumptions(),
    )
