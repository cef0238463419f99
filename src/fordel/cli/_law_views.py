"""How `fordel law` shows what it found: tables and texts that fit 80 columns, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fordel.law import (
    NATION,
    Authority,
    Change,
    Check,
    DatedValue,
    Evidence,
    FieldRule,
    Lawbook,
    Parameter,
    Wording,
    field_rules,
    registered_rules,
)

EVIDENCE = {
    Evidence.SEEN: "read in the source",
    Evidence.PART: "source seen in part",
    Evidence.INFERRED: "inferred",
    Evidence.ASSUMPTION: "assumption",
}
SHORT = {Evidence.SEEN: "", Evidence.PART: "part", Evidence.INFERRED: "inferred", Evidence.ASSUMPTION: "assumed"}


def as_json(found: object) -> str:
    """Write JSON that people can read, too: Danish letters as they are."""
    return json.dumps(found, ensure_ascii=False, indent=2, default=str)


def list_table(parameters: Iterable[Parameter], day: date, authority: Authority) -> RenderableType:
    """Show parameters under their topics, one line each where it fits."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_edge=False, title_justify="left")
    table.title = f"The law of {_whose(authority)} on {day}"
    table.add_column("Parameter", no_wrap=True)
    table.add_column("Value", ratio=1, overflow="fold")
    table.add_column("Since", no_wrap=True)
    table.add_column("", no_wrap=True)
    topic = ""
    for parameter in parameters:
        if parameter.topic != topic:
            topic = parameter.topic
            table.add_row(Text(topic.capitalize(), style="bold"))
        table.add_row(*_list_row(parameter, day))
    return table


def _list_row(parameter: Parameter, day: date) -> tuple[RenderableType, ...]:
    value, name = parameter.wording_on(day), Text(f"  {parameter.name}")
    if value is None:
        return name, Text(_why_none(parameter, day), style="dim"), Text(""), Text("")
    shown = f"{_one_line(value)} {parameter.unit}" if _is_number(value) else _one_line(value)
    return name, Text(shown), Text(str(value.since)), Text(SHORT[value.evidence], style="yellow")


def _is_number(value: DatedValue) -> bool:
    return isinstance(value.value, int | float) and not isinstance(value.value, bool)


def _why_none(parameter: Parameter, day: date) -> str:
    ended, later = parameter.latest(day), parameter.next_after(day)
    return f"ended {ended.since}" if ended else f"starts {later.since}" if later else "none"


def _one_line(value: DatedValue) -> str:
    """Show lists and tables without their brackets."""
    if isinstance(value.value, list):
        return ", ".join(str(item) for item in value.value)
    if isinstance(value.value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.value.items())
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    return f"{value.value:,}" if isinstance(value.value, int) else value.text()


def list_json(parameters: Iterable[Parameter], day: date) -> list[dict[str, Any]]:
    """Give parameters with the value of the day, for programs."""
    return [_head(p) | {"in_force": _value_json(p.wording_on(day))} for p in parameters]


def parameter_json(parameter: Parameter, day: date) -> dict[str, Any]:
    """Give one parameter with its whole history, for programs."""
    return _head(parameter) | {
        "implements": parameter.implements,
        "in_force": _value_json(parameter.wording_on(day)),
        "history": [_value_json(value) for value in parameter.values],
    }


def _head(parameter: Parameter) -> dict[str, Any]:
    return {key: getattr(parameter, key) for key in ("full_name", "title", "dansk", "unit", "may_be_set_by")}


def _value_json(value: DatedValue | None) -> dict[str, Any] | None:
    if value is None:
        return None
    plain = {f.name: getattr(value, f.name) for f in fields(value) if f.name != "variants"}
    return plain | {"variants": [vars(variant) for variant in value.variants]}


def rule_json(wording: Wording) -> dict[str, Any]:
    """Give one rule, for programs."""
    keys = ("name", "term", "text", "unit", "since", "until", "source", "implements")
    return {key: getattr(wording, key) for key in keys} | {"reads": [f.name for f in fields(wording.params)]}


def parameter_view(book: Lawbook, parameter: Parameter, day: date, authority: str) -> RenderableType:
    """Show one parameter as a page."""
    lines = _lines()
    value, later = parameter.wording_on(day), parameter.next_after(day)
    if value is None:
        lines.add_row(f"On {day}", Text(f"not in force: {_why_none(parameter, day)}", style="yellow"))
    else:
        lines.add_row(f"On {day}", Text(_one_line(value), style="bold"))
        _add_value(lines, book, value, later)
    lines.add_row("Unit", Text(parameter.unit))
    lines.add_row("Next change", Text(_next(later)))
    lines.add_row("May be set by", Text(str(parameter.may_be_set_by).replace("_", " ")))
    _add_links(lines, book, parameter.implements, _readers(parameter.name))
    lines.add_row("File", Text((book.authority(value.set_by).file if value else "") or parameter.file))
    head = _head_of(parameter.full_name, f"{parameter.title} ({parameter.dansk})")
    others = _set_elsewhere(book, parameter.name, day, authority)
    return Group(*head, lines, *_section("History", _history(parameter)), *_section("Set otherwise by", others))


def _add_value(lines: Table, book: Lawbook, value: DatedValue, later: DatedValue | None) -> None:
    until = f" until {later.since}" if later else ""
    lines.add_row("In force", Text(f"from {value.since}{until}"))
    lines.add_row("Set by", Text(_whose(book.authority(value.set_by))))
    lines.add_row("How sure", Text(EVIDENCE[value.evidence], style="" if value.evidence == Evidence.SEEN else "yellow"))
    lines.add_row("Source", Text(value.source))
    if value.note:
        lines.add_row("Note", Text(value.note))
    for variant in value.variants:
        note = f" {variant.note}" if variant.note else ""
        lines.add_row("Not used", Text(f"{variant.text()}: {variant.source}.{note}"))


def _next(later: DatedValue | None) -> str:
    if later is None:
        return "none known"
    return f"{later.since}: " + ("ends" if later.value is None else _one_line(later))


def _history(parameter: Parameter) -> Table | None:
    if len(parameter.values) == 1:
        return None
    table = _plain("From", "Value", "Source")
    for value in parameter.values:
        table.add_row(str(value.since), Text("ends" if value.value is None else _one_line(value)), Text(value.source))
    return table


def _set_elsewhere(book: Lawbook, name: str, day: date, authority: str) -> Table | None:
    table = _plain("Authority", "Value", "From")
    for other, own in sorted(book.overrides.items()):
        value = book.as_set_by(name, other).wording_on(day) if name in own else None
        if other != authority and value is not None and value.set_by == other:
            table.add_row(book.authority(other).name, Text(_one_line(value)), str(value.since))
    return table if table.row_count else None


def rule_view(book: Lawbook, wording: Wording) -> RenderableType:
    """Show one rule as a page."""
    lines = _lines()
    lines.add_row("How", Text(wording.text))
    lines.add_row("Unit", Text(wording.unit))
    lines.add_row("In force", f"from {wording.since}" + (f" until {wording.until}" if wording.until else ""))
    lines.add_row("Source", Text(wording.source))
    if wording.replaces is not None:
        lines.add_row("Replaces", Text(next(w.name for w in registered_rules() if w.function is wording.replaces)))
    reads = ", ".join(book.parameter(f.name).full_name for f in fields(wording.params))
    lines.add_row("Reads", Text(reads or "no parameter"))
    _add_links(lines, book, wording.implements, "")
    return Group(*_head_of(wording.name, wording.term), lines)


def _readers(name: str) -> str:
    return ", ".join(w.name for w in registered_rules() if name in {f.name for f in fields(w.params)})


def _add_links(lines: Table, book: Lawbook, implements: tuple[str, ...], readers: str) -> None:
    if readers:
        lines.add_row("Read by", Text(readers))
    known: dict[str, FieldRule] = {rule.rule_id: rule for rule in field_rules(book)}
    for rule_id in implements:
        lines.add_row("Carries", Text(f"{rule_id} {known[rule_id].title}"))


def check_view(found: Check, day: date) -> RenderableType:
    """Show what the law of a day lacks, rests on, and what is coming."""
    able = "Every rule can be applied." if not found.missing else f"{len(found.missing)} rules cannot be applied."
    missing = [Text(f"{name}: {_reason(why)}") for name, why in found.missing]
    lacking = [Text(f"{parameter.full_name}: {_why_none(parameter, day)}") for parameter in found.not_in_force]
    unsure = [_assumed(parameter, value) for parameter, value in found.unsure]
    return Group(
        Text(f"The law on {day}. {able}", style="bold"),
        *_section("Cannot be applied", _listed(missing)),
        *_section(f"No value on {day}", _listed(lacking)),
        *_section("Assumed or inferred", _listed(unsure)),
        *_section("Changes within a year", change_table(found.coming) if found.coming else None),
    )


def _assumed(parameter: Parameter, value: DatedValue) -> Group:
    source = Padding(Text(value.source, style="dim"), (0, 0, 0, 2))
    return Group(Text(f"{parameter.full_name}: {_one_line(value)}"), source)


def _reason(why: str) -> str:
    """Keep of a refusal the line that says when the rule starts or ended."""
    first, *rest = (line.strip() for line in why.splitlines())
    return next((line for line in rest if line.startswith(("Starts:", "Ended:"))), first)


def change_table(found: Iterable[Change]) -> RenderableType:
    """Show changes under the day on which they come."""
    rows: list[RenderableType] = []
    day = None
    for change in found:
        if change.day != day:
            day = change.day
            rows.append(Text(str(day), style="bold"))
        whose = "" if change.authority in (NATION.authority_id, change.name) else f" ({change.authority})"
        rows.append(Padding(Text(f"{change.name}{whose}: {_step(change)}"), (0, 0, 0, 2)))
    return Group(*rows)


def _step(change: Change) -> str:
    """Say what starts, ends or changes; a rule that starts without forerunner has no value to show."""
    if not change.before:
        return "starts" if change.after == change.name else f"starts, {change.after}"
    return f"ends (was {change.before})" if not change.after else f"{change.before} → {change.after}"


def _listed(rows: list[RenderableType] | list[Text] | list[Group]) -> RenderableType | None:
    return Group(*rows) if rows else None


def _whose(authority: Authority) -> str:
    return "the state" if authority == NATION else authority.name


def _head_of(name: str, title: str) -> tuple[Text, Text]:
    return Text(name, style="bold"), Text(f"{title}\n")


def _section(title: str, content: RenderableType | None) -> tuple[RenderableType, ...]:
    return () if content is None else (Text(f"\n{title}", style="bold"), Padding(content, (0, 0, 0, 2)))


def _lines() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(ratio=1, overflow="fold")
    return table


def _plain(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold", header_style="dim")
    return table
