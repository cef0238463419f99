"""Every fault has its words in both languages, and a file that has it, given as an import where one can be."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from faulty_folders import READ
from faulty_uploads import RICH, UPLOADED
from fordel.runs.imports import Provenance, take_in
from fordel.stores import BadInput, Fault
from fordel.stores.faults import Place
from fordel.stores.said import words

pytestmark = pytest.mark.slow

SOURCES = Path(__file__).parents[2] / "src" / "fordel"
TOLD = Provenance("7", ("f",), "test", date(2026, 1, 2))
NEVER = {"breaks_unnamed_rule", "program"}  # every rule has a name; a fault of ours has no file that makes it


@pytest.mark.parametrize("code", UPLOADED)
def test_a_file_that_has_the_fault_is_refused_with_it(code: str, tmp_path: Path) -> None:
    kind, name, content = UPLOADED[code]()
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as raised:
        take_in(RICH, {kind: tmp_path / name}, TOLD, region="region-hovedstaden")
    found = {fault.code: fault for fault in raised.value.faults}
    assert code in found, str(raised.value)
    whole(found[code])


def whole(fault: Fault) -> None:
    """All its words are there in both languages, and its English sentence is the one of the command line."""
    for what in ("found", "expected", "remedy"):
        english, danish = fault.told(what), fault.told(what, "da")
        assert english
        assert danish
        assert not re.search(r"\{[a-z_]+\}", english + danish)
    assert f"found {fault.found}; expected {fault.expected}." in str(fault)
    assert str(fault).endswith(f"  Try: {fault.remedy}.")


@pytest.mark.parametrize("code", READ)
def test_what_no_import_can_have_is_told_by_the_reader(code: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        READ[code](tmp_path)
    found = {fault.code: fault for fault in raised.value.faults}
    assert code in found, str(raised.value)
    whole(found[code])


def test_every_fault_is_tried_and_every_one_has_its_words_in_both_languages() -> None:
    known = words()["faults"]
    assert UPLOADED.keys() | READ.keys() | NEVER == known.keys()
    assert not UPLOADED.keys() & READ.keys()
    for fault in known.values():
        assert fault.keys() >= {"expected", "expected_dansk", "remedy", "remedy_dansk"}
        assert ("found" in fault) == ("found_dansk" in fault)
    for section in ("faults", "phrases", "kinds", "rules", "patterns"):
        for code, entry in words()[section].items():
            for what in {key.removesuffix("_dansk") for key in entry} - {"column"}:
                english, danish = (set(re.findall(r"\{(\w+)\}", entry[key])) for key in (what, f"{what}_dansk"))
                assert danish <= english, (code, what)
    whole(Place("x").fault("program"))
    whole(Place("x").fault("breaks_unnamed_rule", rule="x"))


def test_every_code_in_the_program_is_one_of_these() -> None:
    texts = [path.read_text("utf-8") for folder in ("stores", "runs") for path in (SOURCES / folder).glob("*.py")]
    said = {code for text in texts for code in re.findall(r'(?:fault|Fault)\(\s*"(\w+)"', text)}
    assert said
    assert said <= words()["faults"].keys()
