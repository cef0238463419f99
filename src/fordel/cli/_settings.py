"""Parameters that a user sets for one run, as NAME=VALUE."""

from __future__ import annotations

import tomllib
from typing import Any

import typer


def read_setting(text: str) -> tuple[str, Any]:
    """Read NAME=VALUE; the value as TOML where it is TOML, else as the word it is.

    Raises:
        typer.BadParameter: there is no name or no value.
    """
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise typer.BadParameter(f"{text!r} sets nothing; write it as apportionment_method=hamilton.")
    try:
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()
