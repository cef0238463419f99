"""Render the pages of a report and put them in a folder, each file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from fordel.publish import formats, law_words
from fordel.publish._words import day_in_words
from fordel.publish.report._frame import Report
from fordel.publish.report._overview import overview
from fordel.publish.report._practices import practices_page
from fordel.publish.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from fordel.publish._words import Lang
    from fordel.runs.record import Run


class BadReport(Exception):
    """A report cannot be written where it was asked for."""


@dataclass(frozen=True)
class Page:
    """One page of the report: its template, what fills it, and its file in each language."""

    template: str
    title: str
    fill: Callable[[Report], dict[str, object]]
    file: dict[Lang, str]


PAGES = (
    Page("overview.html", "title", overview, {"da": "index.html", "en": "en.html"}),
    Page("practices.html", "title_practices", practices_page, {"da": "praksis.html", "en": "practices.html"}),
)


def write_report(run: Run, folder: Path) -> list[Path]:
    """Write the report of a run (rapport): an overview and a page of practices, in Danish and English.

    The pages hold no script and load nothing from elsewhere. A report that is there already is replaced.

    Returns:
        The files written: ``index.html`` (Danish), ``en.html``, ``praksis.html`` (Danish), ``practices.html``.

    Raises:
        BadReport: the folder cannot be written.
    """
    pages = {name: html for lang in formats.LANGUAGES for name, html in _rendered(run, Texts(lang)).items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_put(folder / page.file[lang], pages[page.file[lang]]) for page in PAGES for lang in page.file]
    except OSError as error:
        raise BadReport(
            f"The report could not be written to {folder}: {error.strerror or error}.\n"
            "  Try: a folder that you may write to"
        ) from error


def _rendered(run: Run, texts: Texts) -> dict[str, str]:
    report = Report(run, texts)
    other: Lang = "en" if texts.lang == "da" else "da"
    shared = {
        "t": texts,
        "lang": texts.lang,
        "other": other,
        "manifest": run.manifest,
        "sources": run.sources.to_dicts(),
    }
    files_of = {page.template.split(".")[0]: page.file[texts.lang] for page in PAGES}
    return {
        page.file[texts.lang]: _environment(texts.lang)
        .get_template(page.template)
        .render(shared, page_title=texts(page.title), twin=page.file[other], files=files_of, **page.fill(report))
        for page in PAGES
    }


@cache
def _environment(lang: Lang) -> jinja2.Environment:
    """Escape everything and refuse what is not given."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("fordel.publish.report") / "templates"), encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sentence"] = law_words.sentence
    environment.filters["used"] = lambda parameter: law_words.used(parameter, lang)
    environment.tests["left_in_english"] = law_words.left_in_english
    environment.filters["day"] = lambda value: day_in_words(value, lang)
    environment.filters["number"] = lambda value, decimals=0: formats.number(value, decimals, lang)
    return environment


def _put(path: Path, html: str) -> Path:
    """Write next to the file and rename, so that a reader never meets half a page."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(html)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path
