"""Read a table of counted people for a model: a column for each characteristic it knows, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dataframely as dy
import polars as pl

from fordel.need import NeedError, column_of
from fordel.stores.columns import read_columns
from fordel.stores.headings import headings_of

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.need import Design

AREAS = ("practice_id", "municipality")


def read_counts(path: Path, design: Design) -> tuple[pl.DataFrame, list[str]]:
    """Read counts, and say by what they can be summed.

    Raises:
        BadInput: the file cannot be read; every fault.
        NeedError: it has neither practices nor municipalities, or none of the model's characteristics.
    """
    there = headings_of(path)
    areas = [name for name in AREAS if name in there]
    found = {c.name: column for c in design.covariates if (column := column_of(c, there))}
    if not areas or not found:
        wanted = (
            f"one of {', '.join(AREAS)}" if not areas else f"one of {', '.join(c.column for c in design.covariates)}"
        )
        raise NeedError(f"{path.name} has no column for {wanted}; it has {', '.join(there)}.")
    texts: dict[str, Any] = {name: dy.String(min_length=1) for name in areas}
    texts |= {column: dy.String(nullable=True) for column in found.values()}
    kind: Any = type(dy.Schema)  # the columns depend on the model, so the schema is made here
    schema = kind("Counts", (dy.Schema,), {**texts, "people": dy.Int64(min=0)})
    counts = read_columns(path, schema, {"people": "patients"} if "people" not in there else None)
    return counts.filter(pl.col("people") > 0), areas
