"""The catalogue of texts: both languages, the same placeholders, nothing missing and nothing left over."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from fordel.law import Evidence
from fordel.publish.texts import Texts, catalogue

PACKAGE = Path(str(files("fordel.publish")))
MARKS = {f"evidence_{mark}" for mark in Evidence}


def test_every_text_has_both_languages_with_the_same_placeholders() -> None:
    for key, text in catalogue().items():
        assert set(text) == {"da", "en"}, key
        assert all(text.values()), key
        placeholders = [sorted(re.findall(r"\{(\w+)\}", text[lang])) for lang in ("da", "en")]
        assert placeholders[0] == placeholders[1], key


def test_every_text_is_used() -> None:
    paths = [*PACKAGE.rglob("report/**/*.py"), *PACKAGE.rglob("maps/*.py"), *PACKAGE.rglob("templates/*.html")]
    code = "".join(path.read_text(encoding="utf-8") for path in (*paths, PACKAGE / "texts.py"))
    made_up = {re.sub(r"\{.*?\}", "[a-z_0-2]+", text) for text in re.findall(r'f"([a-z_{}]+)"', code)} | {"evidence_.*"}
    named = set(re.findall(r'"([a-z_0-2]+)"', code))
    unused = [key for key in catalogue() if key not in named and not any(re.fullmatch(m, key) for m in made_up)]
    assert unused == []


def test_every_mark_of_evidence_has_words() -> None:
    assert set(catalogue()) >= MARKS


def test_an_unknown_text_and_a_forgotten_value_are_faults() -> None:
    with pytest.raises(KeyError):
        Texts("da")("no_such_text")
    with pytest.raises(KeyError):
        Texts("da")("subtitle")
