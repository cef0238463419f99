"""Tell why something could not be done, in both languages, once: what is stored is what people were told."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fordel.law import Reason
from fordel.placement.errors import PlacementError
from fordel.publish import formats
from fordel.stores import BadInput, Fault
from fordel.stores.faults import THE_IMPORT, escaped
from fordel.stores.said import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.stores.said import Lang

LANGUAGES: tuple[Lang, ...] = ("da", "en")
FAULTS_SHOWN = 200  # of an import
FAULTS_LISTED = 10  # in the reason of a run
PROGRAM = Fault("program", THE_IMPORT)


@dataclass(frozen=True)
class Said:
    """Why a run or a search could not be made. In Danish it is empty where the reason is known in English alone."""

    english: str
    danish: str


def reason_of(error: Exception) -> Said:
    """Tell why: what is known by its code in both languages; files with their faults; else a fault of the program."""
    if isinstance(error, BadInput):
        listed = "\n".join(sentence_of(fault) for fault in error.faults[:FAULTS_LISTED])
        return Said(str(error), _danish("input", {"listed": listed}))
    if isinstance(error, Reason):
        return Said(str(error), _danish(error.code, error.parts) if error.code else "")
    if isinstance(error, PlacementError):
        return Said(str(error), "")
    if isinstance(error, OSError):
        return Said(str(error), _danish("system", {}))
    return Said(reasons()["program"]["english"], _danish("program", {}))


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Read the words of reasons by code."""
    return tomllib.loads((files(__package__) / "reasons.toml").read_text(encoding="utf-8"))


def sentence_of(fault: Fault) -> str:
    """Tell a fault in Danish, in one line."""
    told = _place(fault, {}, "da")
    place = ", ".join(f"{word} {told[key]}" for word, key in PLACE if told[key])
    found, expected, remedy = (fault.told(what, "da") for what in ("found", "expected", "remedy"))
    return f"{told['file']}{', ' if place else ''}{place}: fundet {found}; ventet {expected}. Gør dette: {remedy}."


PLACE = (("ark", "sheet"), ("række", "row"), ("kolonne", "column"))


def faults_told(error: BadInput, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the faults of an import as its page shows them.

    Args:
        error: what was refused.
        names: what the files were called, by the names they are kept under.
    """
    return [fault_told(fault, names) for fault in error.faults[:FAULTS_SHOWN]]


def fault_told(fault: Fault, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give a fault: its code, its rows and how many more there are, and all its words by language."""
    rows = [row for row in (fault.row, *fault.also) if row is not None]
    told: dict[str, Any] = {"code": fault.code, "rows": ", ".join(map(str, rows))}
    told["more"] = max(fault.more - len(fault.also), 0)
    for lang in LANGUAGES:
        words = {what: fault.told(what, lang) for what in ("found", "expected", "remedy")}
        told[lang] = {**_place(fault, names or {}, lang), **words}
    return told


def _place(fault: Fault, names: Mapping[str, str], lang: Lang) -> dict[str, str]:
    file = written(fault.file, lang)
    column = "" if fault.column is None else escaped(written(fault.column, lang))
    row = "" if fault.row is None else str(fault.row)
    return {"file": names.get(file, file), "sheet": escaped(fault.sheet or ""), "row": row, "column": column}


def _danish(code: str, parts: Mapping[str, object]) -> str:
    return reasons()[code]["dansk"].format(**{name: _written(part) for name, part in parts.items()})


def _written(part: object) -> str:
    if isinstance(part, date):
        return formats.day(part, "da")
    return formats.number(part, 0, "da") if isinstance(part, int) else str(part)
