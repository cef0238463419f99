"""Which searches a person sees, and what of a plan is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fordel.publish.disclosure import least_shown
from fordel.web.placement.models import Search

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from fordel.web.accounts.models import User
    from fordel.web.runs.queries import Seen

COUNTS = ("people_second", "people_first", "people_lost")


def for_user(user: User) -> QuerySet[Search]:
    """Give the searches of the person's own region; all for national roles."""
    every = Search.objects.select_related("run")
    return every.filter(region=user.area_id) if user.area_id else every


def regions(seen: Seen) -> list[tuple[str, str]]:
    """Give id and name of the regions a person may place capacities in."""
    own = seen.user.area_id
    return [(row["area_id"], row["name"]) for row in seen.at_level("region") if own in ("", row["area_id"])]


def places(search: Search) -> list[dict[str, Any]]:
    """Give the places of a plan, most people first. Counts of few people are held back.

    Counts of two places overlap, and the sum of the plan counts everybody once: none follows from the others.
    """
    least = least_shown(search.run.law_date)
    held = [{**row, **{c: _held(row[c], least) for c in COUNTS}} for row in search.places]
    return sorted(held, key=lambda row: -(row["people_second"] or 0))


def _held(count: int | None, least: int) -> int | None:
    return None if count is None or 0 < count < least else count
