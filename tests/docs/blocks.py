"""Find and run the code blocks of a Markdown page.

A ``console`` block holds commands (``$ fordel ...``) and below each the output it gives; ``...`` stands for anything.
A ``python`` block is executed, in one namespace per page; an ``output`` block after it holds what it prints.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import subprocess
from dataclasses import dataclass
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from typer.testing import CliRunner

from fordel.cli import app

PROGRAMS = {"fordel", "ls", "head"}


@dataclass(frozen=True)
class Block:
    """One fenced block: its kind, its text and the line it starts on."""

    kind: str
    text: str
    line: int


def blocks_of(page: str) -> list[Block]:
    """List the fenced blocks of a page, those inside lists and notes too."""
    tokens = MarkdownIt().parse(page)
    fences = (t for t in tokens if t.type == "fence")
    return [Block(t.info.split()[0] if t.info.strip() else "", t.content, (t.map or [0])[0] + 1) for t in fences]


def commands_of(block: Block) -> list[tuple[str, str]]:
    """Split a console block in commands and the output shown for each; a command may go on after a backslash."""
    found: list[tuple[str, str]] = []
    for part in ("\n" + block.text).split("\n$ ")[1:]:
        command, _, shown = part.replace("\\\n", " ").partition("\n")
        found.append((command, shown))
    return found


def run_page(page: str, folder: Path) -> None:
    """Run every block of a page in order, and compare what it prints with what the page shows.

    Raises:
        AssertionError: a command failed, or printed something else; with the line of the page.
    """
    namespace: dict[str, Any] = {}
    printed = ""
    for block in blocks_of(page):
        if block.kind == "python":
            printed = _printed_by(block, namespace, folder)
        elif block.kind == "output":
            _compare(block.text, printed, block.line, "python")
        elif block.kind == "console":
            for command, shown in commands_of(block):
                _compare(shown, _run(command, folder, block.line), block.line, command)


def _printed_by(block: Block, namespace: dict[str, Any], folder: Path) -> str:
    out = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        exec(compile(block.text, f"line {block.line}", "exec"), namespace)  # noqa: S102 - our own documentation
    return out.getvalue()


def _run(command: str, folder: Path, line: int) -> str:
    words = shlex.split(command)
    assert words[0] in PROGRAMS, f"line {line}: {words[0]} is not run here; use a `sh` block for what is only shown"
    plain = {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    if words[0] == "fordel":
        # In this process: there are more than a hundred commands, and a process of its own costs each a second.
        with contextlib.chdir(folder):
            told = CliRunner().invoke(app, words[1:], env=plain)
        assert told.exit_code == 0, f"line {line}: {command}\n{told.output}\n{told.exception!r}"
        return told.stdout
    done = subprocess.run(words, cwd=folder, env=os.environ | plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"line {line}: {command}\n{done.stdout}{done.stderr}"
    return done.stdout


def _compare(shown: str, printed: str, line: int, what: str) -> None:
    if shown.strip():
        flags = ELLIPSIS | NORMALIZE_WHITESPACE
        same = OutputChecker().check_output(shown.strip() + "\n", printed.strip() + "\n", flags)
        assert same, f"line {line}: {what}\n--- the page shows ---\n{shown}\n--- it printed ---\n{printed}"
