"""Put the nouns together, each imported only when it is asked for: reading the law must not wait for the maps."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

# Each is the module of its name with a typer application `app`; what it is for, in a line.
NOUNS = {
    "account": "Make the first account of the web application, and let people in again.",
    "audit": "Check the audit log of the web application.",
    "backup": "Keep the web application in one file, and make it of such a file.",
    "capacity": "Follow capacities from release to return.",
    "ceilings": "Look closer at the ceilings of a run.",
    "check": "Check the set-up of the web application.",
    "chiropractor": "Chiropractors: ideal and actual distribution.",
    "compare": "Compare two runs: what changed each number.",
    "coverage": "Who can choose between two open practices, and what closures do.",
    "demo": "Go the whole way on open data: snapshot, plan, report.",
    "explain": "Explain a number: rule, parameters, sources, arithmetic.",
    "law": "Read the law: values, sources, assumptions, changes.",
    "minimum": "Minimums of split, merged, moved practices, and of areas short of room.",
    "need": "Fit, check, weigh with and publish a need model.",
    "placement": "Where new capacities should lie, and why.",
    "plan": "Make a plan, show it, export it.",
    "report": "Make the report of a run.",
    "serve": "Serve the web application.",
    "snapshot": "Check input tables, show them, convert them, start empty ones.",
    "worker": "Compute the runs that the web application is asked for.",
}

# Nouns that are one command and have no commands below them.
SINGLE = frozenset({"check", "compare", "serve", "worker"})


class _Noun(TyperGroup):
    """One noun: its name and help at once, its commands when they are needed."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, help=NOUNS[name])

    @cached_property
    def _loaded(self) -> Any:
        noun = import_module(f"fordel.cli.{self.name}").app
        loaded = get_command(noun) if self.name in SINGLE else get_group(noun)
        loaded.name = self.name
        loaded.help = loaded.help if self.name in SINGLE else self.help
        return loaded

    def list_commands(self, ctx: Any) -> list[str]:
        return [] if self.name in SINGLE else self._loaded.list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return self._loaded.get_command(ctx, cmd_name)

    def get_params(self, ctx: Any) -> Any:
        return self._loaded.get_params(ctx)

    def collect_usage_pieces(self, ctx: Any) -> Any:
        return self._loaded.collect_usage_pieces(ctx)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return self._loaded.make_context(info_name, args, parent, **extra)


class _Nouns(TyperGroup):
    """The command `fordel`."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the name is click's
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the name is click's
        return _Noun(cmd_name) if cmd_name in NOUNS else None


app = typer.Typer(name="fordel", cls=_Nouns, no_args_is_help=True, pretty_exceptions_show_locals=False)


@app.callback()
def fordel() -> None:
    """Plan GP capacity: compute it, explain it, show it."""
