"""Take in files that were made up: each is taken in, or refused in sentences that can be stored and read."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from fordel.runs.imports import KINDS, Capacities, MaximaGiven, Provenance, take_in
from fordel.stores import BadInput, read_snapshot, write_snapshot
from fordel.stores.table import table_read
from fordel.tables import OPTIONAL, SCHEMAS
from fordel.worker.told import fault_told, sentence_of
from made_up_files import COUNTRY, MadeUp

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.stores import Fault

TOLD = Provenance("7", ("fil",), "test", date(2026, 1, 2))
# One file in so many goes all the way, to a snapshot that is written and read again: of those without a fault of their
# own, and of those with one, which are refused the same.
SOUND, FAULTY = 40, 1000


def judged(file: MadeUp, folder: Path) -> str:
    """Take a file in; give the code of its first fault, ``read`` or ``taken in``. All else is a fault of ours.

    Args:
        file: what was made up.
        folder: an empty one to work in.
    """
    path = folder / f"fil{file.suffix}"
    path.write_bytes(file.content)
    table = KINDS[file.kind]
    schema = {"capacities": Capacities, "stated_maxima": MaximaGiven}.get(file.kind, SCHEMAS[table])
    read = table_read(path, schema, path.stem, None, may_be_empty=table in OPTIONAL)
    faults = read.faults
    if file.number % (FAULTY if faults else SOUND) == 0:
        try:
            tables, differences = take_in(COUNTRY, {file.kind: path}, TOLD)
        except BadInput as error:
            faults = error.faults
        else:
            assert not read.faults, read.faults
            _storable([asdict(difference) for difference in differences])
            write_snapshot(tables, folder / "s")
            assert read_snapshot(folder / "s").fingerprint == tables.fingerprint
            return "taken in"
    if not faults:
        return "read"
    _readable(faults)
    return faults[0].code


def _readable(faults: tuple[Fault, ...]) -> None:
    assert faults
    for fault in faults:
        for sentence in (str(fault), sentence_of(fault)):
            assert len(sentence) > 20
            sentence.encode()
    _storable([fault_told(fault) for fault in faults])
    str(BadInput("fil", faults)).encode()


def _storable(told: object) -> None:
    """The database keeps JSON without the sign of number 0, and only whole signs."""
    text = json.dumps(told, ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    assert "\x00" not in text
