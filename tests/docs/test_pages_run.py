"""Every command and every line of Python in the documentation does what the page says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from docs.blocks import Block, blocks_of, commands_of, run_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
NEEDS_DEMO = "<!-- starts with the demo in out -->"
RUN_KINDS = {"python", "console"}
SHOWN_KINDS = {"text", "sh", "toml", "json", "output", "csv"}


def pages() -> list[Path]:
    written = (p for p in DOCS.rglob("*.md") if "make generate" not in p.read_text(encoding="utf-8")[:80])
    return sorted(written)


def runnable() -> list[ParameterSet]:
    found = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        kinds = {block.kind for block in blocks_of(text)}
        if RUN_KINDS & kinds:
            slow = "console" in kinds or NEEDS_DEMO in text  # a command is a process of its own, a second each
            marks = [pytest.mark.slow, pytest.mark.xdist_group("demo")] if slow else []
            found.append(pytest.param(page, id=str(page.relative_to(DOCS)), marks=marks))
    return found


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `fordel demo make --to out` was run."""
    folder = tmp_path_factory.mktemp("docs-demo")
    run_page("```console\n$ fordel demo make --to out\n```\n", folder)
    return folder


@pytest.mark.parametrize("page", runnable())
def test_page_runs(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    if NEEDS_DEMO in text:
        shutil.copytree(request.getfixturevalue("demo_folder"), tmp_path, dirs_exist_ok=True)
    run_page(text, tmp_path)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(DOCS)))
def test_every_block_says_what_it_is(page: Path) -> None:
    kinds = {block.kind for block in blocks_of(page.read_text(encoding="utf-8"))}
    assert kinds <= RUN_KINDS | SHOWN_KINDS


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="line 4"):
        run_page('```python\nprint("1 2 3")\n```\n```output\n1 2 4\n```\n', tmp_path)


def test_a_failing_command_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="line 1"):
        run_page("```console\n$ ls no-such-file\n```\n", tmp_path)


def test_ellipsis_and_continued_commands(tmp_path: Path) -> None:
    (tmp_path / "one two").touch()
    run_page("```console\n$ ls \\\n  -1\none...\n```\n", tmp_path)
    assert commands_of(Block("console", "$ a\nb\n$ c\n", 1)) == [("a", "b"), ("c", "")]
