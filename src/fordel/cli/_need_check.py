"""What a check needs beside the citizens: the law on a day, and the snapshot's health councils and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.law import Lawbook
from fordel.runs.need_check import Checked
from fordel.stores import read_snapshot

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from fordel.need import CitizenSource
    from fordel.runs.need_record import NeedRecord


def asked_of(
    model: NeedRecord, citizens: CitizenSource, held_out: CitizenSource | None, snapshot: Path | None, day: date
) -> Checked:
    """Put together what a check is made of.

    Raises:
        BadInput: the snapshot cannot be read.
    """
    law = Lawbook.shipped().on(day)
    if snapshot is None:
        return Checked(model, citizens, law, held_out=held_out)
    tables = read_snapshot(snapshot)
    parts = tables.parts("municipality", "health_council", day).sort("whole_id", "part_id")
    councils = {
        str(name): rows["part_id"].to_list() for (name,), rows in parts.group_by("whole_id", maintain_order=True)
    }
    people = tables.population.group_by("municipality").agg(pl.col("people").sum())
    levels = ("municipality", "health_council")
    names = pl.concat([tables.areas_at(level, day) for level in levels]).select("area_id", "name").sort("area_id")
    return Checked(model, citizens, law, councils, people, held_out, names, tables.area_shapes)
