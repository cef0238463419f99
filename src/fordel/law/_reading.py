"""Read law files: one TOML per topic and one per authority. Every fault of every file is collected, none is fatal."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from fordel.law._parameter import (
    Authority,
    AuthorityLevel,
    DatedValue,
    Evidence,
    Parameter,
    Variant,
    may_set,
    same_kind,
)
from fordel.law.errors import NotYoursToSet, no_such

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REQUIRED = {"title", "dansk", "unit", "may_be_set_by", "values"}
KEYS = REQUIRED | {"implements"}
VALUE_KEYS = {"since", "value", "source", "evidence", "note", "variants"}
VARIANT_KEYS = {"value", "source", "note"}
AUTHORITY_KEYS = {"id", "name", "level"}
DATES_OF_AUTHORITY = {"since", "until"}
LEVELS = [str(level) for level in AuthorityLevel]
EVIDENCE = [str(mark) for mark in Evidence]


def read_topic(path: Path, faults: list[str]) -> list[Parameter]:
    """Read the parameters of one topic; what is wrong is added to ``faults`` and left out."""
    parameters = []
    for name, block in _load(path, faults).items():
        where = f"{path.name}: [{name}]"
        found = _faults_of_parameter(block)
        faults += [f"{where} {fault}" for fault in found]
        if not found:
            parameters.append(_parameter(path, name, block, faults))
    return parameters


def read_authority(
    path: Path, parameters: Mapping[str, Parameter], faults: list[str]
) -> tuple[Authority, dict[str, tuple[DatedValue, ...]]] | None:
    """Read one authority's own file: an [authority] block, then dated values under the names of parameters."""
    content = _load(path, faults)
    authority = _authority(path, content.pop("authority", None), faults)
    if authority is None:
        return None
    own: dict[str, tuple[DatedValue, ...]] = {}
    for name, blocks in content.items():
        where = f"{path.name}: [[{name}]]"
        fault = _fault_of_own(name, parameters, authority)
        if fault:
            faults.append(f"{where} {fault}")
            continue
        values = _read_values(blocks, where, authority.authority_id, faults)
        faults += [f"{where} {fault}" for fault in _faults_against(parameters[name], values, authority)]
        own[name] = values
    return authority, {name: values for name, values in own.items() if values}


def _load(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: not TOML ({error}).")
        return {}


def _faults_of_parameter(block: Any) -> list[str]:
    if not isinstance(block, dict):
        return ["is no table; write the parameter under a heading of its own."]
    faults = [f"has no {key!r}." for key in sorted(REQUIRED - set(block))]
    faults += [f"has an unknown key {key!r}." for key in sorted(set(block) - KEYS)]
    words = [key for key in ("title", "dansk", "unit") if key in block and not str(block[key]).strip()]
    faults += [f"has an empty {key!r}." for key in words]
    if block.get("may_be_set_by", "nation") not in LEVELS:
        faults.append(f"may_be_set_by is {block['may_be_set_by']!r}; use one of {', '.join(LEVELS)}.")
    return faults


def _parameter(path: Path, name: str, block: dict[str, Any], faults: list[str]) -> Parameter:
    return Parameter(
        topic=path.stem,
        name=name,
        title=block["title"],
        dansk=block["dansk"],
        unit=block["unit"],
        may_be_set_by=AuthorityLevel(block["may_be_set_by"]),
        values=_read_values(block["values"], f"{path.name}: [{name}]", "nation", faults),
        implements=tuple(block.get("implements", ())),
        file=path.name,
    )


def _read_values(blocks: Any, where: str, set_by: str, faults: list[str]) -> tuple[DatedValue, ...]:
    if not isinstance(blocks, list) or not blocks:
        faults.append(f"{where} has no dated value.")
        return ()
    values: list[DatedValue] = []
    for number, block in enumerate(blocks, start=1):
        fault = _fault_of_value(block, values)
        if fault:
            faults.append(f"{where} value {number} {fault}")
        else:
            values.append(_dated_value(block, set_by))
    return tuple(values)


def _dated_value(block: dict[str, Any], set_by: str) -> DatedValue:
    return DatedValue(
        since=block["since"],
        source=block["source"],
        value=block.get("value"),
        evidence=Evidence(block.get("evidence", Evidence.SEEN)),
        note=block.get("note", ""),
        variants=tuple(Variant(v["value"], v["source"], v.get("note", "")) for v in block.get("variants", ())),
        set_by=set_by,
    )


def _fault_of_value(block: Any, before: list[DatedValue]) -> str:
    """Say what is wrong with one dated block, or nothing."""
    if not isinstance(block, dict):
        return "is no table; write [[...values]] with since, value and source."
    if unknown := set(block) - VALUE_KEYS:
        return f"has unknown keys {sorted(unknown)}."
    since = block.get("since")
    if not isinstance(since, date) or isinstance(since, datetime):
        return f"has no day in 'since' (found {since!r}); write since = 2025-07-01."
    fault = _fault_of_source(block) or _fault_of_order(block, before) or _fault_of_kind(block, before)
    return fault and f"({since}) {fault}"


def _fault_of_source(block: dict[str, Any]) -> str:
    source, evidence = block.get("source", ""), block.get("evidence", Evidence.SEEN)
    if not isinstance(source, str) or not source.strip():
        return "has no source."
    if evidence not in EVIDENCE:
        return f"has evidence {evidence!r}; use one of {', '.join(EVIDENCE)}."
    if evidence == Evidence.ASSUMPTION and not source.startswith("Assumption"):
        return "is an assumption; its source must begin with 'Assumption'."
    if evidence != Evidence.ASSUMPTION and source.startswith("Assumption"):
        return "has a source that says 'Assumption', but its evidence mark is another."
    return ""


def _fault_of_order(block: dict[str, Any], before: list[DatedValue]) -> str:
    if before and block["since"] <= before[-1].since:
        return f"overlaps the value before it ({before[-1].since}); sort by day, one value a day."
    if "value" not in block and not before:
        return "ends a parameter that never began; give a value first."
    if "value" not in block and before[-1].value is None:
        return "ends a parameter that has ended already."
    return ""


def _fault_of_kind(block: dict[str, Any], before: list[DatedValue]) -> str:
    variants = block.get("variants", [])
    if not all(isinstance(v, dict) and v.get("source") and {"value"} <= set(v) <= VARIANT_KEYS for v in variants):
        return "has a variant without value or source, or with an unknown key."
    given = [v["value"] for v in (block, *variants) if "value" in v]
    known = before[0].value if before else given[0]
    if any(isinstance(value, float) and not isfinite(value) for value in given):
        return "is not a finite number."
    odd = next((value for value in given if not same_kind(known, value)), None)
    return "" if odd is None else f"gives {odd!r}, another kind than {known!r}."


def _authority(path: Path, head: Any, faults: list[str]) -> Authority | None:
    fits = isinstance(head, dict) and set(head) >= AUTHORITY_KEYS and set(head) <= AUTHORITY_KEYS | DATES_OF_AUTHORITY
    if not fits or head["level"] not in LEVELS or head["level"] == AuthorityLevel.NATION:
        faults.append(
            f"{path.name}: needs [authority] with id, name, level (region or health_council) and, "
            "where it has them, since and until."
        )
        return None
    if head["id"] != path.stem:
        faults.append(f"{path.name}: the authority's id is {head['id']!r}; the file must be called {head['id']}.toml.")
        return None
    level, since, until = AuthorityLevel(head["level"]), head.get("since"), head.get("until")
    if since is not None and until is not None and since >= until:
        faults.append(f"{path.name}: the authority ends ({until}) before it starts ({since}).")
    return Authority(head["id"], head["name"], level, path.name, since, until)


def _fault_of_own(name: str, parameters: Mapping[str, Parameter], authority: Authority) -> str:
    if name not in parameters:
        return no_such("parameter", name, list(parameters))
    try:
        may_set(parameters[name], authority)
    except NotYoursToSet as refused:
        return str(refused).splitlines()[0]
    return ""


def _faults_against(parameter: Parameter, own: tuple[DatedValue, ...], authority: Authority) -> list[str]:
    """Compare an authority's values with the state's: same kind, only while the parameter and the authority exist."""
    faults = []
    known = parameter.values[0].value if parameter.values else None
    for value in own:
        if value.value is not None and not same_kind(known, value.value):
            faults.append(f"({value.since}) gives {value.value!r}, another kind than the state's {known!r}.")
        if value.value is not None and parameter.wording_on(value.since) is None:
            faults.append(f"({value.since}) is set on a day on which {parameter.full_name} is not in force.")
        early = authority.since is not None and value.since < authority.since
        late = authority.until is not None and value.since > authority.until
        if early or late:
            faults.append(f"({value.since}) lies outside the days on which {authority.name} exists.")
    return faults
