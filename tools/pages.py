"""The generated pages of the reference: each function gives the Markdown of one page; same code, same page."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import get_type_hints

import dataframely as dy

import fordel
from fordel import law
from fordel.law import DatedValue, Lawbook, Parameter, Wording, registered_rules, topic_files
from fordel.runs.record import columns
from fordel.tables import OPTIONAL, SCHEMAS

PACKAGE = Path(fordel.__file__).parent
EXAMPLES = Path(__file__).resolve().parents[1] / "tests" / "law"
UNIT = re.compile(r"\s*Unit: (.+?)\.?\s*$")
LIMITS = {
    "min": "≥ {:,}",
    "min_exclusive": "> {:,}",
    "max": "≤ {:,}",
    "max_exclusive": "< {:,}",
    "min_length": "not empty",
    "regex": "matches `{}`",
}
EVIDENCE = {
    "seen": "read in the source",
    "part": "source seen in part",
    "inferred": "inferred",
    "assumption": "**assumption**",
}
HANDLING = {
    "rule": "rule",
    "parameter": "parameter",
    "table": "column of a table",
    "flag": "people decide",
    "not_computed": "not computed",
}


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def cell(value: object) -> str:
    """Make a value fit for a table cell: one line, and no bar that would end the cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def snapshot_tables() -> str:
    """The tables a plan reads, from their schemas."""
    parts = [
        "# The tables of a snapshot\n",
        f"A snapshot is {len(SCHEMAS)} tables that describe one day. Whatever file they come from, they must have "
        "these columns, and every row must keep these rules. Columns of the key are marked with a star; a column may "
        "be empty only where it says so. Codes are text: municipality `0101`, never 101.\n",
    ]
    for name, schema in SCHEMAS.items():
        parts.append(f"## `{name}`\n\n{inspect.getdoc(schema)}\n")
        if name in OPTIONAL:
            parts.append("May be left out, or have no rows: both say that there is nothing of the kind.\n")
        parts.append(
            table(("Column", "Type", "Unit", "Allowed", "What it is"), map(column_row, schema.columns().items()))
        )
        parts += [f"- **{rule.replace('_', ' ').capitalize()}.** {why}" for rule, why in row_rules(schema)]
        parts.append("")
    return "\n".join(parts)


def column_row(item: tuple[str, dy.Column]) -> tuple[str, str, str, str, str]:
    """Describe one column of a schema."""
    name, column = item
    said = column.description or ""
    unit = UNIT.search(said)
    star = "\\*" if column.primary_key else ""
    return (
        f"`{name}`{star}",
        type(column).__name__,
        unit[1] if unit else "",
        ", ".join(allowed(column)),
        UNIT.sub("", said),
    )


def allowed(column: dy.Column) -> list[str]:
    """Say which values a column takes."""
    limits = [
        text.format(getattr(column, key)) for key, text in LIMITS.items() if getattr(column, key, None) is not None
    ]
    words = [f"`{word}`" for word in getattr(column, "categories", None) or ()]
    if len(words) > 8:
        words = [words[0], words[1], "…", words[-1]]
    return [*limits, *words, *(["may be empty"] if column.nullable else [])]


def row_rules(schema: type[dy.Schema]) -> list[tuple[str, str]]:
    """List the rules that concern more than one column, with their reason."""
    own = {name: value for name, value in vars(schema).items() if type(value).__name__ == "RuleFactory"}
    return [(name, inspect.getdoc(factory.validation_fn) or "") for name, factory in own.items()]


def run_tables() -> str:
    """The tables a plan gives, from the documented columns of a run."""
    parts = [
        "# The tables of a run\n",
        "What a plan gives, and what exports and reports show. Files keep every decimal; the last column tells which "
        "of the [rules](rules.md) gives the number. Where it is empty, the value is the snapshot's own or a sum.\n",
    ]
    for name, documented in columns().items():
        rows = (
            (f"`{c.name}`", c.label, c.dansk, c.unit, c.description, f"`{c.rule}`" if c.rule else "")
            for c in documented.values()
        )
        parts += [f"## `{name}`\n", table(("Column", "English", "Danish", "Unit", "What it is", "Rule"), rows)]
    return "\n".join(parts)


def rules() -> str:
    """Every rule in every wording, from the register."""
    parts = [
        "# Rules\n",
        "Every rule that Fordel applies, in every wording, with its source and the parameters it reads. A rule is a "
        "plain function; the first line of its docstring names what it gives, with the Danish term of the law.\n",
    ]
    register_all_rules()
    for name, wordings in groupby(registered_rules(), key=lambda wording: wording.name):
        parts.append(f"## `{name}`\n")
        parts += [wording_text(wording) for wording in wordings]
    return "\n".join(parts)


def register_all_rules() -> None:
    """Import every topic: a rule is registered when its module is imported."""
    for topic in topic_files(PACKAGE):
        importlib.import_module(f"fordel.{topic.stem}")


def wording_text(wording: Wording) -> str:
    """Describe one wording of a rule."""
    until = f" until {wording.until}" if wording.until else ""
    reads = ", ".join(f"[`{p}`](parameters.md#{p})" for p in get_type_hints(wording.params))
    lines = [
        f"**{wording.term}**\n\n{wording.text}\n",
        f"- In force from {wording.since}{until}",
        f"- Unit: {wording.unit}",
        f"- Source: {wording.source}",
    ]
    if reads:
        lines.append(f"- Reads: {reads}")
    return "\n".join(lines) + "\n"


def parameters() -> str:
    """Every dated parameter of the lawbook, by topic."""
    book = Lawbook.shipped()
    parts = [
        "# Parameters\n",
        "Every number, date and word that the law or an agreement sets, with the day from which it holds, its source, "
        "and how sure it is. What could not be found in a source is an assumption and says so; a run lists the "
        "assumptions it used. What another source says instead is kept beside the value in use.\n",
    ]
    for topic, of_topic in groupby(sorted(book.parameters.values(), key=lambda p: p.full_name), key=lambda p: p.topic):
        parts.append(f"## {topic.capitalize()}\n")
        parts += [parameter_text(parameter) for parameter in of_topic]
    parts += regional(book)
    return "\n".join(parts)


def parameter_text(parameter: Parameter) -> str:
    """Describe one parameter and its dated values."""
    head = f"### `{parameter.full_name}` {{ #{parameter.name} }}\n\n{parameter.title} ({parameter.dansk})."
    about = f"Unit: {parameter.unit}. May be set by: {str(parameter.may_be_set_by).replace('_', ' ')}."
    return f"{head} {about}\n\n{values_table(parameter.values)}"


def values_table(values: Iterable[DatedValue]) -> str:
    """List dated values, and under each what other sources say instead."""
    rows: list[tuple[object, ...]] = []
    for value in values:
        shown = f"`{value.text()}`" if value.value is not None else "ends"
        rows.append((value.since, shown, EVIDENCE[value.evidence], value.source, value.note))
        rows += [("", f"not used: `{v.value}`", "contradicts", v.source, v.note) for v in value.variants]
    return table(("From", "Value", "How sure", "Source", "Note"), rows)


def regional(book: Lawbook) -> list[str]:
    """List what each authority below the state has set for itself."""
    parts = []
    for authority_id, own in sorted(book.overrides.items()):
        authority = book.authorities[authority_id]
        parts.append(f"## Set by {authority.name} {{ #{authority_id} }}\n")
        if not own:
            parts.append("Nothing: the state's values hold.\n")
        for name, values in sorted(own.items()):
            parts.append(f"**`{book.parameter(name).full_name}`**\n\n{values_table(values)}")
    return parts


def field_rules() -> str:
    """How each rule of the field is met, from the list that the law is held to."""
    register_all_rules()
    rows = (
        (rule.rule_id, rule.title, HANDLING[rule.how], carriers(rule) or rule.why)
        for rule in law.field_rules(Lawbook.shipped())
    )
    return (
        "# Every rule of the field\n\nWhat acts, orders, agreements and regional papers say of GP capacity, and how "
        "Fordel meets it. R are rules, C concern coverage, V are political variants, T are contradictions between "
        "sources. A rule that is computed names the functions that do it, each with the number of law examples "
        "that prove it (data in `tests/law`, each with its source), and the dated parameters it rests on. A rule that "
        "is not computed says why; one that people decide is only pointed to.\n\n"
    ) + table(("Id", "What it says", "How it is met", "By, or why not"), rows)


def carriers(rule: law.FieldRule) -> str:
    """Name the rules with their examples, then the parameters."""
    parts = [f"[`{name}`](rules.md#{name.replace('.', '')}) ({examples_of(name)})" for name in rule.rules]
    parts += [f"parameter [`{n}`](parameters.md#{n.partition('.')[2]})" for n in rule.by[len(rule.rules) :]]
    return ", ".join(parts)


def examples_of(rule: str) -> str:
    """Count the law examples of a rule."""
    topic, _, name = rule.partition(".")
    path = EXAMPLES / topic / f"{name}.toml"
    count = len(tomllib.loads(path.read_text(encoding="utf-8"))["example"]) if path.exists() else 0
    return f"{count} example{'' if count == 1 else 's'}"


def glossary() -> str:
    """One word per concept, Danish and English, from the glossary that the code is held to."""
    rows = (
        (f"**{term.word}**", f"*{term.dansk}*", f"{term.definition}<br>*{term.definition_dansk}*", term.source)
        for term in sorted(law.glossary(), key=lambda term: term.word)
    )
    head = "# Glossary\n\nOne word per concept, in the code, the reports and these pages.\n\n"
    return head + table(("English", "Danish", "What it means", "Source"), rows)


def command_line() -> str:
    """The commands, from the command line itself."""
    done = subprocess.run(
        [sys.executable, "-m", "typer", "fordel.cli", "utils", "docs", "--name", "fordel", "--title", "Command line"],
        env=os.environ | {"PYTHONUTF8": "1", "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().replace("&#x27;", "'") + "\n"
