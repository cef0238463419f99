"""Read what others published of a need model, and freeze it as ours are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.cli._need_holds import Holds
from fordel.cli._need_shown import say
from fordel.need import Origin, coefficients_as_model, read_model, scaled_lists, weights_as_model
from fordel.runs.models import lists_record, model_record
from fordel.stores.columns import read_columns
from fordel.tables import PaidLists, PublishedCoefficients, PublishedLists, PublishedWeights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fordel.need import Lists
    from fordel.runs.need_record import NeedRecord


def imported(
    path: Path, holds: Holds, origin: Origin, licence: str, headings: Mapping[str, str], model: Path | None
) -> NeedRecord:
    """Freeze a published table: weights by sex and age or coefficients become a model; weighted lists become weights.

    Raises:
        BadInput: the file cannot be read; every fault.
        NeedError: it is not what it should be.
    """
    if holds is Holds.LISTS:
        lists = scaled_lists(read_columns(path, PaidLists if "amount" in headings else PublishedLists, headings))
        say_lists(lists)
        return lists_record(lists, origin, licence=licence)
    if holds is Holds.WEIGHTS or model is None:
        fitted = weights_as_model(read_columns(path, PublishedWeights, headings), origin)
    else:
        fitted = coefficients_as_model(read_model(model), read_columns(path, PublishedCoefficients, headings), origin)
    return model_record(fitted, licence=licence)


def say_lists(lists: Lists) -> None:
    """Say what published lists add up to, before and after they are scaled."""
    sums = lists.sums
    say(f"{sums.height:,} lists, {sums['people'].sum():,.0f} people; mean weight as published {lists.mean_before:.6f}.")
    if lists.left_out:
        say(f"Left out: {lists.left_out:,} lists with no people or no weighted citizens.")
    low, middle, high = (sums["mean_weight"].quantile(at, "linear") for at in (0.25, 0.5, 0.75))
    say(f"Scaled to 1. Mean weight of a list: quartiles {low:.3f}, {middle:.3f}, {high:.3f}.")
    if "amount_per_weighted" in sums.columns:
        paid = sums.filter(pl.col("amount") > 0)["amount_per_weighted"]
        low, middle, high = (paid.quantile(at, "linear") for at in (0.25, 0.5, 0.75))
        quartiles = f"quartiles {low:.2f}, {middle:.2f}, {high:.2f}"
        say(f"Amount per weighted citizen as published, {len(paid):,} lists paid: {quartiles}.")
