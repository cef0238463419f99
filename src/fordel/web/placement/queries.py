"""Which searches a person sees, and what of a plan is shown. Counts of few people were held back before it was kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from django.http import Http404

from fordel.publish.placement_files import COLUMNS, placement_geojson, shown_columns
from fordel.publish.placement_map import placement_svg
from fordel.web.jobs.work import State
from fordel.web.placement.models import Search
from fordel.web.runs.queries import tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from fordel.publish._words import Lang
    from fordel.web.accounts.models import User
    from fordel.web.runs.queries import Seen

NEAREST = 5  # practices told of on the page of a place
LETTERS = "ABCD"  # what alternatives go by; as many as are compared
FEWEST = 2
FIXED = {"people_second": pl.Int64, "people_first": pl.Int64, "people_lost": pl.Int64, "people_in_reach": pl.Int64}


def for_user(user: User) -> QuerySet[Search]:
    """Give the searches of the person's own region; all for national roles."""
    every = Search.objects.select_related("run__snapshot")
    return every.filter(region=user.area_id) if user.area_id else every


def regions(seen: Seen) -> list[tuple[str, str]]:
    """Give id and name of the regions a person may place capacities in."""
    own = seen.user.area_id
    return [(row["area_id"], row["name"]) for row in seen.at_level("region") if own in ("", row["area_id"])]


def region_name(search: Search) -> str:
    """Name the region of a search."""
    areas = tables_of(search.run.folder).areas
    found = areas.filter(pl.col("area_id") == search.region)["name"].to_list()
    return str(found[0]) if found else search.region


def done(user: User, search_id: int) -> Search:
    """Give a search that has a plan.

    Raises:
        Http404: it has none, or it is not for this person.
    """
    found = for_user(user).filter(pk=search_id, state=State.DONE).first()
    if found is None:
        raise Http404
    return found


def alternatives(user: User, search_ids: str) -> dict[str, Search]:
    """Give the searches whose ids stand in an address, with a letter each.

    Raises:
        Http404: one has no plan, is not there or is not for this person; or there are too few or too many.
    """
    ids = list(dict.fromkeys(search_ids.split("-")))
    if not all(one.isdecimal() and len(one) < 12 for one in ids) or not FEWEST <= len(ids) <= len(LETTERS):
        raise Http404
    found = {search.pk: search for search in for_user(user).filter(pk__in=ids, state=State.DONE)}
    if len(found) < len(ids):
        raise Http404
    return {letter: found[int(one)] for letter, one in zip(LETTERS, ids, strict=False)}


def place(search: Search, site: str) -> dict[str, Any]:
    """Give a place of a plan, with its number in the table.

    Raises:
        Http404: it is none of the plan's.
    """
    for number, row in enumerate(search.places, start=1):
        if row["site"] == site:
            return {**row, "number": number}
    raise Http404


def nearest_practices(search: Search, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the practices nearest to a place in a straight line: ``practice_id, name, kilometres, is_open``."""
    practices = tables_of(search.run.folder).practices
    east, north = (practices[axis].to_numpy() for axis in ("easting", "northing"))
    away = np.hypot(east - row["easting"], north - row["northing"]) / 1000
    near = practices.with_columns(
        kilometres=pl.Series(away), is_open=pl.col("open_to_new") & (pl.col("capacities_filled") > 0)
    )
    return near.sort("kilometres", "practice_id").head(NEAREST).to_dicts()


def compared_places(searches: dict[str, Search]) -> list[dict[str, Any]]:
    """Give every place of some plans, those that most of them have first: ``capacities`` by letter."""
    places: dict[str, dict[str, Any]] = {}
    for letter, search in searches.items():
        for row in search.places:
            known = places.setdefault(row["site"], {**row, "given": dict.fromkeys(searches)})
            known["given"][letter] = row["capacities"]
    for row in places.values():
        row["letters"] = "".join(letter for letter, n in row["given"].items() if n is not None)
    return sorted(places.values(), key=lambda row: (-len(row["letters"]), row["letters"], row["area"], row["site"]))


def compared_goals(searches: dict[str, Search]) -> list[dict[str, Any]]:
    """Give what each plan gives of every goal: ``goal, unit`` and ``values`` in the order of the letters."""
    plans = [search.found or {"all_goals": []} for search in searches.values()]
    tables = [{row["goal"]: row for row in plan["all_goals"]} for plan in plans]
    return [
        {"goal": goal, "unit": row["unit"], "values": [table[goal]["value"] for table in tables]}
        for goal, row in tables[0].items()
    ]


def table_of(search: Search, lang: Lang) -> pl.DataFrame:
    """Give the places of a plan as a table with headings."""
    return shown_columns(_frame(search), lang)


def geojson_of(search: Search) -> str:
    """Give the places of a plan as points."""
    frame = _frame(search)
    known = [name for name in COLUMNS if name in frame.columns]
    return placement_geojson(tables_of(search.run.folder), frame.select(known))


def map_of(searches: dict[str, Search], lang: Lang) -> str | None:
    """Draw the places of one plan or a few; None where there is nothing to draw, or no shapes of municipalities."""
    drawn = {letter: search for letter, search in searches.items() if search.places}
    if not drawn:
        return None
    keys = tuple((letter, search.pk) for letter, search in drawn.items())
    return _drawn(keys, next(iter(drawn.values())).run.folder, lang)


@lru_cache(maxsize=64)
def _drawn(keys: Sequence[tuple[str, int]], folder: str, lang: Lang) -> str | None:
    """Draw once: neither a run nor a plan that is done ever changes."""
    plans = {letter: _frame(Search.objects.get(pk=pk)) for letter, pk in keys}
    run = tables_of(folder)
    practices = run.practices.with_columns(open=pl.col("open_to_new") & (pl.col("capacities_filled") > 0))
    return placement_svg(run, plans, practices, lang)


def _frame(search: Search) -> pl.DataFrame:
    """Give the places of a plan as a table.

    Raises:
        Http404: it has none.
    """
    if not search.places:
        raise Http404
    frame = pl.DataFrame(search.places, infer_schema_length=None)
    return frame.with_columns(pl.col(name).cast(kind) for name, kind in FIXED.items() if name in frame.columns)
