"""What can go wrong when places are sought."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clash:
    """Wishes that cannot be met together (modstridende ønsker), the fewest that do: as words for others to put.

    Attributes:
        kind: which wishes: ``both_ways, held_back, forced_alone, forced_in_area, forced_in_all, too_many_sites,
            no_candidate, nothing_fits, not_binding, no_time`` or ``constraints``.
        sites: what the sites are called; area: the area.
        numbers: capacities and sites, by name.
        constraints: names of what clashes, where it is none of the kinds above.
        says: the same as a sentence in English.
    """

    kind: str
    says: str
    sites: tuple[str, ...] = ()
    area: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()


class PlacementError(Exception):
    """Wishes that cannot be met together, or a problem that is not well stated.

    Attributes:
        clash: which wishes, where wishes are what is wrong.
    """

    def __init__(self, says: str | Clash) -> None:
        self.clash = says if isinstance(says, Clash) else None
        super().__init__(says.says if isinstance(says, Clash) else says)
