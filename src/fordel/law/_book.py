"""The book of dated parameters: read from one TOML per topic, checked as a whole, asked by day and authority."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fordel.law.errors import BadLawFile, NotYoursToSet, UnknownParameter, parameter_not_in_force

if TYPE_CHECKING:
    from fordel.law._law import Law

Value = bool | int | float | str | date | list[Any] | dict[str, Any]


class Evidence(StrEnum):
    """How sure a value is (evidence mark of the source it rests on)."""

    SEEN = "seen"  # read in the named source
    PART = "part"  # the source was seen only in part
    INFERRED = "inferred"  # follows from what was seen; not law
    ASSUMPTION = "assumption"  # nothing found: a stated, overridable default


class AuthorityLevel(StrEnum):
    """Who may set a parameter, from the state down; a higher level may set what a lower one may."""

    NATION = "nation"
    REGION = "region"
    HEALTH_COUNCIL = "health_council"

    @property
    def rank(self) -> int:
        """0 for the state, growing downwards."""
        return list(AuthorityLevel).index(self)


@dataclass(frozen=True)
class Variant:
    """A value another source gives; kept, not used."""

    value: Value
    source: str
    note: str = ""


@dataclass(frozen=True)
class DatedValue:
    """One wording of a parameter: its value from ``since`` on. No value ends the parameter."""

    since: date
    source: str
    value: Value | None = None
    evidence: Evidence = Evidence.SEEN
    note: str = ""
    variants: tuple[Variant, ...] = ()
    set_by: str = "nation"

    def text(self) -> str:
        """Show the value as it stands in the TOML: plain for numbers and words, JSON for lists and tables."""
        if isinstance(self.value, list | dict):
            return json.dumps(self.value, ensure_ascii=False, default=str)
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


@dataclass(frozen=True)
class Parameter:
    """A dated number, date, word, list or table with unit, source and who may set it."""

    topic: str
    name: str
    title: str
    dansk: str
    unit: str
    may_be_set_by: AuthorityLevel
    values: tuple[DatedValue, ...]
    implements: tuple[str, ...] = ()
    file: str = ""

    @property
    def full_name(self) -> str:
        """``topic.name``; the bare name is unique in the book, too."""
        return f"{self.topic}.{self.name}"

    def wording_on(self, day: date) -> DatedValue | None:
        """Give the wording in force on ``day``; None before the first and after the end."""
        current = next((v for v in reversed(self.values) if v.since <= day), None)
        return None if current is None or current.value is None else current

    def at(self, day: date) -> DatedValue:
        """Give the wording in force on ``day``.

        Raises:
            NotInForce: nothing holds on that day; the message says when it starts or ended.
        """
        found = self.wording_on(day)
        if found is None:
            raise parameter_not_in_force(self, day)
        return found


@dataclass(frozen=True)
class Authority:
    """One who decides: the state, a region or a health council."""

    authority_id: str
    name: str
    level: AuthorityLevel
    file: str = ""


NATION = Authority("nation", "Staten", AuthorityLevel.NATION)


@dataclass(frozen=True)
class Lawbook:
    """Every dated parameter, and what regions have set for themselves (``overrides``)."""

    parameters: Mapping[str, Parameter]
    authorities: Mapping[str, Authority] = field(default_factory=lambda: {NATION.authority_id: NATION})
    overrides: Mapping[str, Mapping[str, tuple[DatedValue, ...]]] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> Lawbook:
        """Read the lawbook that comes with the package."""
        return _shipped()

    @classmethod
    def read(cls, topics: Iterable[Path], regional: Iterable[Path] = ()) -> Lawbook:
        """Read topic files and regional files.

        Raises:
            BadLawFile: gaps in the schema, overlaps, a value without source, an authority that sets what it may
                not; every fault of every file is listed.
        """
        faults: list[str] = []
        parameters: dict[str, Parameter] = {}
        for path in topics:
            for parameter in _read_topic(path, faults):
                if parameter.name in parameters:
                    other = parameters[parameter.name].full_name
                    faults.append(f"{path.name}: [{parameter.name}] is already {other}; give it another name.")
                parameters[parameter.name] = parameter
        book = cls(parameters)
        for path in regional:
            book = _with_region(book, path, faults)
        if faults:
            raise BadLawFile("The lawbook is not in order:\n" + "\n".join(f"  {fault}" for fault in faults))
        return book

    def on(self, day: date, authority: str = NATION.authority_id) -> Law:
        """Open the book on a day, as it holds for an authority."""
        from fordel.law._law import Law  # noqa: PLC0415 - a Law holds its Lawbook, so one of the two comes late

        return Law(self, day, self.authority(authority))

    def parameter(self, name: str) -> Parameter:
        """Find a parameter by ``topic.name`` or bare name.

        Raises:
            UnknownParameter: with the nearest name that exists.
        """
        bare = name.rpartition(".")[2]
        found = self.parameters.get(bare)
        if found is None or name not in (bare, found.full_name):
            raise UnknownParameter(_unknown("parameter", name, [p.full_name for p in self.parameters.values()]))
        return found

    def authority(self, authority_id: str) -> Authority:
        """Find an authority by its id, for example ``region-sjaelland``."""
        if authority_id not in self.authorities:
            raise UnknownParameter(_unknown("authority", authority_id, list(self.authorities)))
        return self.authorities[authority_id]

    def as_set_by(self, name: str, authority_id: str) -> Parameter:
        """Give a parameter as it holds for an authority: its own values where it has set some, else the state's."""
        parameter = self.parameter(name)
        own = self.overrides.get(authority_id, {}).get(parameter.name)
        return parameter if own is None else replace(parameter, values=_merged(parameter.values, own))

    def dates_of_change(self) -> list[date]:
        """Every day on which some wording starts or ends, oldest first."""
        own = (v for of_one in self.overrides.values() for values in of_one.values() for v in values)
        shared = (v for p in self.parameters.values() for v in p.values)
        return sorted({v.since for v in (*shared, *own)})


def may_set(parameter: Parameter, authority: Authority) -> None:
    """Check that an authority may set a parameter.

    Raises:
        NotYoursToSet: naming who may.
    """
    if authority.level.rank > parameter.may_be_set_by.rank:
        raise NotYoursToSet(
            f"{parameter.full_name} may not be set by {authority.name} ({authority.level}).\n"
            f"  May be set by: {parameter.may_be_set_by}\n"
            f"  File:          {parameter.file}\n"
            f"  Try:           leave it at the {parameter.may_be_set_by} level, or propose a change of the law file."
        )


def topic_files(package: Path) -> list[Path]:
    """List the topic files of the package: ``<topic>/<topic>.toml``."""
    return sorted(path for path in package.glob("*/*.toml") if path.stem == path.parent.name)


@cache
def _shipped() -> Lawbook:
    package = Path(str(files("fordel")))
    return Lawbook.read(topic_files(package), sorted((package / "law" / "regional").glob("*.toml")))


def _unknown(kind: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"No {kind} is called {name!r}.{hint}"


def _merged(shared: tuple[DatedValue, ...], own: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
    """Let an authority's values hold from their first day on; before that the state's hold."""
    return (*(v for v in shared if v.since < own[0].since), *own)


_KEYS = {"title", "dansk", "unit", "may_be_set_by", "implements", "values"}
_VALUE_KEYS = {"since", "value", "source", "evidence", "note", "variants"}


def _load(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: not TOML ({error}).")
        return {}


def _read_topic(path: Path, faults: list[str]) -> list[Parameter]:
    parameters = []
    for name, block in _load(path, faults).items():
        where = f"{path.name}: [{name}]"
        missing = {"title", "dansk", "unit", "may_be_set_by", "values"} - set(block)
        unknown = set(block) - _KEYS
        faults += [f"{where} has no {key!r}." for key in sorted(missing)]
        faults += [f"{where} has an unknown key {key!r}." for key in sorted(unknown)]
        if missing or unknown:
            continue
        if block["may_be_set_by"] not in list(AuthorityLevel):
            faults.append(f"{where} may_be_set_by is {block['may_be_set_by']!r}; use one of {list(AuthorityLevel)}.")
            continue
        parameters.append(
            Parameter(
                topic=path.stem,
                name=name,
                title=block["title"],
                dansk=block["dansk"],
                unit=block["unit"],
                may_be_set_by=AuthorityLevel(block["may_be_set_by"]),
                values=_read_values(block["values"], where, "nation", faults),
                implements=tuple(block.get("implements", ())),
                file=path.name,
            )
        )
    return parameters


def _read_values(blocks: list[dict[str, Any]], where: str, set_by: str, faults: list[str]) -> tuple[DatedValue, ...]:
    values: list[DatedValue] = []
    if not blocks:
        faults.append(f"{where} has no dated value.")
    for number, block in enumerate(blocks, start=1):
        fault = _fault_of_value(block, values)
        if fault:
            faults.append(f"{where} value {number} {fault}")
            continue
        variants = tuple(Variant(v["value"], v["source"], v.get("note", "")) for v in block.get("variants", ()))
        values.append(
            DatedValue(
                since=block["since"],
                source=block["source"],
                value=block.get("value"),
                evidence=Evidence(block.get("evidence", Evidence.SEEN)),
                note=block.get("note", ""),
                variants=variants,
                set_by=set_by,
            )
        )
    return tuple(values)


def _fault_of_value(block: dict[str, Any], before: list[DatedValue]) -> str:
    """Say what is wrong with one dated block, or nothing."""
    if unknown := set(block) - _VALUE_KEYS:
        return f"has unknown keys {sorted(unknown)}."
    since = block.get("since")
    if not isinstance(since, date) or isinstance(since, datetime):
        return f"has no day in 'since' (found {since!r}); write since = 2025-07-01."
    if not str(block.get("source", "")).strip():
        return f"({since}) has no source."
    evidence = block.get("evidence", Evidence.SEEN)
    if evidence not in list(Evidence):
        return f"({since}) has evidence {evidence!r}; use one of {[str(e) for e in Evidence]}."
    if evidence == Evidence.ASSUMPTION and not block["source"].startswith("Assumption"):
        return f"({since}) is an assumption; its source must begin with 'Assumption'."
    if before and since <= before[-1].since:
        return f"({since}) overlaps the value before it ({before[-1].since}); sort by day, one value a day."
    if "value" not in block and not before:
        return f"({since}) ends a parameter that never began; give a value first."
    if any("value" not in v or not v.get("source") for v in block.get("variants", ())):
        return f"({since}) has a variant without value or source."
    return ""


def _with_region(book: Lawbook, path: Path, faults: list[str]) -> Lawbook:
    """Add one authority's own file: an [authority] block, then ``[[parameter]]`` dated values."""
    content = _load(path, faults)
    head = content.pop("authority", None)
    if head is None or set(head) != {"id", "name", "level"} or head["level"] not in list(AuthorityLevel):
        faults.append(f"{path.name}: needs [authority] with id, name and level (one of {list(AuthorityLevel)}).")
        return book
    authority = Authority(head["id"], head["name"], AuthorityLevel(head["level"]), path.name)
    own: dict[str, tuple[DatedValue, ...]] = {}
    for name, blocks in content.items():
        where = f"{path.name}: [[{name}]]"
        if name not in book.parameters:
            faults.append(f"{where} {_unknown('parameter', name, list(book.parameters))}")
            continue
        try:
            may_set(book.parameters[name], authority)
        except NotYoursToSet as refused:
            faults.append(f"{where} {str(refused).splitlines()[0]}")
            continue
        own[name] = _read_values(blocks, where, authority.authority_id, faults)
    return replace(
        book,
        authorities={**book.authorities, authority.authority_id: authority},
        overrides={**book.overrides, authority.authority_id: {name: values for name, values in own.items() if values}},
    )
