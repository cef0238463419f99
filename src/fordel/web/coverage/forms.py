"""Which practices to close in thought, and where to open new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from fordel.web.coverage import sites
from fordel.web.coverage.what_if import MOST, MOST_CAPACITIES
from fordel.web.practices.queries import found

if TYPE_CHECKING:
    from django.http import QueryDict

    from fordel.web.coverage.sites import Site
    from fordel.web.runs.queries import Seen

One = TypeVar("One")
SHOWN = 20  # practices or settlements that fit what was typed


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes:
        closed: ids of the practices to close, each once, in the order they were chosen.
        opened: settlements where a practice opens, each once.
        capacities: of each new practice.
        words: what was typed and does not yet name one practice.
        fitting: the practices it may mean, at most ``SHOWN``; count: how many there are in all.
        town: what was typed and does not yet name one settlement; towns: those it may mean; town_count: of them all.
        too_many: whether one more was asked for than can be tried together.
    """

    closed: tuple[str, ...] = ()
    opened: tuple[Site, ...] = ()
    capacities: int = 1
    words: str = ""
    fitting: tuple[dict[str, Any], ...] = ()
    count: int = 0
    town: str = ""
    towns: tuple[Site, ...] = ()
    town_count: int = 0
    too_many: bool = False

    @property
    def anything(self) -> bool:
        """Whether something is to be tried."""
        return bool(self.closed or self.opened)

    @property
    def query(self) -> str:
        """What was asked for, as it stands in an address; ends so that more can follow."""
        return self.without("")

    def without(self, one: str) -> str:
        """Give the address that leaves out one practice or settlement."""
        pairs = [("lukket", i) for i in self.closed if i != one]
        pairs += [("ny", site.settlement_id) for site in self.opened if site.settlement_id != one]
        pairs += [("kapaciteter", str(self.capacities))] if self.capacities > 1 else []
        return "".join(f"{urlencode([pair])}&" for pair in pairs)


def read(given: QueryDict, seen: Seen) -> Asked:
    """Read what to try.

    Practices to close: those chosen (``lukket``), and one by id or name (``praksis``). New ones: settlements chosen
    (``ny``), and one by name (``by``), each with ``kapaciteter``.

    Raises:
        Http404: one of those chosen is not there, or is not for this person.
    """
    chosen = tuple(dict.fromkeys(given.getlist("lukket")))[: MOST + 1]
    closed = tuple(str(seen.practice(practice_id)["practice_id"]) for practice_id in chosen)
    new = tuple(dict.fromkeys(given.getlist("ny")))[: MOST + 1]
    opened = tuple(sites.site(seen, settlement_id) for settlement_id in new)
    words, town = (given.get(name, "").strip()[:100] for name in ("praksis", "by"))
    fitting = [row for row in found(seen, {"q": words}, "name") if row["practice_id"] not in closed] if words else []
    towns = [one for one in sites.named(seen, town) if one not in opened] if town else []
    if one := _only([row for row in fitting if words.lower() in (row["name"].lower(), row["practice_id"])], fitting):
        closed, words, fitting = (*closed, str(one["practice_id"])), "", []
    if place := _only([one for one in towns if one.name.lower() == town.lower()], towns):
        opened, town, towns = (*opened, place), "", []
    too_many = len(closed) + len(opened) > MOST
    return Asked(
        closed=closed[:MOST],
        opened=opened[: MOST - len(closed[:MOST])],
        capacities=_capacities(given.get("kapaciteter", "")),
        words=words,
        fitting=tuple(fitting[:SHOWN]),
        count=len(fitting),
        town=town,
        towns=tuple(towns[:SHOWN]),
        town_count=len(towns),
        too_many=too_many,
    )


def _only(exact: list[One], fitting: list[One]) -> One | None:
    """Give the one that is meant, where only one can be."""
    one = exact if len(exact) == 1 else fitting
    return one[0] if len(one) == 1 else None


def _capacities(given: str) -> int:
    """Read how many capacities; what is not understood is one."""
    return min(max(int(given), 1), MOST_CAPACITIES) if given.isdecimal() and len(given) < 4 else 1
