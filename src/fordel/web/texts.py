"""The words of the pages in Danish and English: one texts.toml per app, its keys under the app's name."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from fordel.publish._words import Lang

LANGUAGES: tuple[Lang, ...] = ("da", "en")


def language() -> Lang:
    """Give the language of the page that is being made."""
    return "en" if (get_language() or "da").startswith("en") else "da"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Give every text by key (``app.key``; those of all pages without app), then by language."""
    root = files("fordel.web")
    texts = dict(_read(root / "texts.toml"))
    for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
        if folder.is_dir() and (folder / "texts.toml").is_file():
            texts |= {f"{folder.name}.{key}": text for key, text in _read(folder / "texts.toml").items()}
    return texts


def text(key: str, **values: object) -> str:
    """Give a text in the language of the page, its placeholders filled in.

    Raises:
        KeyError: no such text, or a placeholder without a value.
    """
    return catalogue()[key][language()].format(**values)


def _read(file: Traversable) -> dict[str, dict[str, str]]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
