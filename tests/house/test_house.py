"""The rules of the house hold, and the checks that guard them would notice if they did not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fordel.demo.sources import sources

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import attribution  # noqa: E402

import house  # noqa: E402 - tools is a folder of scripts, not a package

DECISIONS = ROOT / "docs" / "decisions"


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


def test_every_decision_is_listed_where_readers_look() -> None:
    index = (DECISIONS / "index.md").read_text(encoding="utf-8")
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for number, decision in enumerate(decisions(), start=1):
        assert decision.name.startswith(f"{number:04}-"), "decisions are numbered without a gap"
        assert f"({decision.name})" in index
        assert f"decisions/{decision.name}" in navigation


@pytest.mark.parametrize("decision", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_what_and_why(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert "**Decision.**" in text
    assert any(word in text for word in ("**Why", "**Context.**"))


def test_a_host_name_in_a_lock_is_noticed() -> None:
    for line in ("--index-url https://somewhere/simple", "six @ file:///six.whl", "# from http://somewhere"):
        assert house.HOST.search(line)
    assert not house.HOST.search("six==1.17.0 ; python_version < '3.12' --hash=sha256:00")


def test_a_pin_without_hash_is_noticed() -> None:
    lock = "six==1.17.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\nrich==15.0.0\n"
    assert house.pins_without_hash(lock) == ["rich==15.0.0"]


def test_a_path_of_one_machine_is_noticed() -> None:
    assert house.MACHINE_PATH.search("see /" + "home/anna/fordel/out")
    assert not house.MACHINE_PATH.search("see docs/home/index.md")
    assert not house.MACHINE_PATH.search("from need to work/list")


def test_long_functions_are_counted_without_their_docstring() -> None:
    lines = ["def f():", '    """One.', "", "    Two.", '    """', "    a = 1", "    return a"]
    assert house.function_lengths("\n".join(lines)) == [("f", 3)]


@pytest.mark.parametrize("name", ["coverage.feature.md", "law-of-2027.law.md"])
def test_fragments_well_named(name: str) -> None:
    assert house.FRAGMENT.fullmatch(name)


@pytest.mark.parametrize("name", ["Coverage.feature.md", "coverage.md", "coverage.news.md", "coverage.feature.txt"])
def test_fragments_badly_named(name: str) -> None:
    assert not house.FRAGMENT.fullmatch(name)


def test_the_performance_page_shows_the_committed_records() -> None:
    asked = "import sys; sys.path.insert(0, 'bench'); from _page import page; sys.stdout.write(page())"
    page = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    assert page.stdout == (ROOT / "docs" / "performance" / "index.md").read_text(encoding="utf-8")


def test_all_data_is_attributed() -> None:
    """Each folder of data that says where it is from is on the generated page, by its own name or as a source."""
    told = (ROOT / "ATTRIBUTION.md").read_text(encoding="utf-8")
    snapshot = [name.replace("-", "_") for name in sources()["source_id"]]
    folders = [path.parent for root in ("src", "tests") for path in (ROOT / root).rglob("SOURCE.md")]
    assert len(folders) >= 14
    for folder in folders:
        of_snapshot = any(folder.name.startswith(name) for name in snapshot)
        assert of_snapshot or f"`{folder.relative_to(ROOT).as_posix()}`" in told, folder
    for source in attribution.other_sources():
        for folder in source["folders"]:
            assert (ROOT / folder / "SOURCE.md").exists(), folder
