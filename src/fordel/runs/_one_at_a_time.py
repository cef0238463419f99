"""Hold ingredients of a plan still while another changes: geography, data and orders of a day, and its parameters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from fordel.law import Authority, DatedValue, Lawbook, Parameter

if TYPE_CHECKING:
    from fordel.tables import Tables

BEGINNING = date(1900, 1, 1)


def frozen_geography(tables: Tables, of: Tables, day: date) -> Tables:
    """Give tables with the areas of another snapshot as they were on a day, now and for ever."""
    areas, parts = (_always(_holding(frame, day)) for frame in (of.areas, of.area_parts))
    return replace(tables, areas=areas, area_parts=parts)


def data_of(tables: Tables, first: date, day: date) -> Tables:
    """Give tables whose dated data are those of ``day``, and hold on ``first`` as well.

    Decisions in force, minimums announced before, and forecasts for the year are data.
    """
    early = min(first, day)
    decided = _holding(tables.decisions, day).with_columns(
        decided_on=pl.min_horizontal("decided_on", pl.lit(early)),
        valid_from=pl.min_horizontal("valid_from", pl.lit(early)),
        valid_until=pl.lit(None, pl.Date),
    )
    announced = tables.minimums.filter(pl.col("valid_from") < day).sort("practice_id", "valid_from")
    newest = announced.group_by("practice_id", maintain_order=True).last()
    return replace(
        tables,
        decisions=decided,
        minimums=newest.with_columns(valid_from=pl.lit(BEGINNING)),
        forecasts=_of_year(tables.forecasts, first, day),
    )


def orders_of(tables: Tables, orders: Tables, first: date, day: date) -> Tables:
    """Give tables with the ceilings another snapshot has published for the year of ``day``, for that of ``first``, too.

    What an order publishes is law. Areas that are not in the tables' geography get theirs with it.
    """
    published = _of_year(orders.published_ceilings, first, day)
    there = published.with_columns(pl.col("level").cast(pl.String)).join(
        tables.areas.select("area_id", pl.col("level").cast(pl.String)), on=["area_id", "level"], how="semi"
    )
    return replace(tables, published_ceilings=there.cast(published.schema))


def _of_year(frame: pl.DataFrame, first: date, day: date) -> pl.DataFrame:
    rows = frame.filter(pl.col("year") == day.year)
    years = sorted({first.year, day.year})
    return pl.concat(rows.with_columns(year=pl.lit(year, frame.schema["year"])) for year in years)


def frozen_book(old: Lawbook, old_day: date, new: Lawbook, new_day: date) -> Lawbook:
    """Give a lawbook in which what the new one says on its day always holds.

    A parameter that has no value on the new day keeps the one it had on the old. The old day's authorities stay, with
    what the new book says of them on the new day: which authorities there are is geography.
    """
    names = dict.fromkeys((*old.parameters, *new.parameters))
    held = [_held(old, old_day, new, new_day, name) for name in names]
    authorities = {
        known_as: _always_there(authority)
        for known_as, authority in old.authorities.items()
        if authority.since is None or authority.since <= old_day
    }
    overrides = {
        known_as: {name: _own(blocks, new_day) for name, blocks in new.overrides.get(known_as, {}).items()}
        for known_as in authorities
    }
    kept = {known_as: {name: own for name, own in of_one.items() if own} for known_as, of_one in overrides.items()}
    return Lawbook({p.name: p for p in held if p is not None}, authorities, kept)


def _holding(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    ends = pl.col("valid_until")
    return frame.filter((pl.col("valid_from") <= day) & (ends.is_null() | (ends > day)))


def _always(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(valid_from=pl.lit(BEGINNING), valid_until=pl.lit(None, pl.Date))


def _always_there(authority: Authority) -> Authority:
    return replace(authority, since=None, until=None)


def _held(old: Lawbook, old_day: date, new: Lawbook, new_day: date, name: str) -> Parameter | None:
    for book, day in ((new, new_day), (old, old_day)):
        parameter = book.parameters.get(name)
        value = parameter.wording_on(day) if parameter else None
        if parameter is not None and value is not None:
            return replace(parameter, values=(replace(value, since=BEGINNING),))
    return None


def _own(blocks: tuple[DatedValue, ...], day: date) -> tuple[DatedValue, ...]:
    latest = next((v for v in reversed(blocks) if v.since <= day), None)
    return () if latest is None or latest.value is None else (replace(latest, since=BEGINNING),)


__all__ = ["data_of", "frozen_book", "frozen_geography", "orders_of"]
