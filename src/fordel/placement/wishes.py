"""Wishes that cannot be met together (modstridende ønsker): the smallest set of them, in a sentence."""

from __future__ import annotations

import numpy as np

from fordel.placement.errors import Clash
from fordel.placement.problem import Problem


def conflict(problem: Problem) -> Clash | None:
    """Say which wishes conflict, the fewest that do; None when a plan exists.

    Each kind of conflict is a set of wishes that none can be taken from: without any one of them the others can be met.
    """
    for found in (_both_ways, _forced_alone, _forced_in_area, _forced_in_all, _too_many_sites, _nothing_fits):
        clash = found(problem)
        if clash:
            return clash
    return None


WORDS = {
    "site_least": "the least capacities a new practice must get",
    "site_most": "the most capacities a site may get",
    "area_headroom": "the headroom of the areas",
    "total_offered": "the number of capacities offered",
    "all_placed": "that all of them are to be placed",
    "site_count": "the number of sites",
    "forced_sites": "the sites forced in or out",
    "another_plan": "that the plan is another than those before",
}


def of_constraints(names: list[str]) -> Clash:
    """Say which constraints conflict; they are by name in ``CONSTRAINTS``."""
    listed = [name for name in names if name in WORDS]
    says = f"These cannot be met together: {'; '.join(WORDS[name] for name in listed)}.\n"
    return Clash("constraints", f"{says}  Try: let go of one of them; any one is enough.", constraints=tuple(listed))


def _both_ways(problem: Problem) -> Clash | None:
    both = sorted(set(problem.forced_in) & set(problem.forced_out))
    if not both:
        return None
    says = f"Site {_list(problem, both[:1])} is both forced in and forced out.\n  Try: take back one of the two."
    return Clash("both_ways", says, _names(problem, both[:1]))


def _forced_alone(problem: Problem) -> Clash | None:
    for site in sorted(problem.forced_in):
        least, room = int(problem.least[site]), int(problem.headroom[problem.area[site]])
        if least > min(room, problem.total):
            area, numbers = _area(problem, problem.area[site]), {"least": least, "room": room, "total": problem.total}
            says = (
                f"Site {_list(problem, [site])} is forced in and must get at least {least} capacities, but "
                f"{area} has a headroom of {room} and {problem.total} are offered.\n"
                f"  Try: allow fewer capacities at the site."
            )
            return Clash("forced_alone", says, _names(problem, [site]), area, numbers)
    return None


def _smallest(amounts: dict[int, int], room: int) -> list[int]:
    """Give the fewest sites that together need more than there is room for: those that need most."""
    taken: list[int] = []
    for site in sorted(amounts, key=lambda s: (-amounts[s], s)):
        taken.append(site)
        if sum(amounts[s] for s in taken) > room:
            return sorted(taken)
    return []


def _forced_in_area(problem: Problem) -> Clash | None:
    for area in sorted({int(problem.area[site]) for site in problem.forced_in}):
        inside = {s: int(problem.least[s]) for s in problem.forced_in if problem.area[s] == area}
        sites, room = _smallest(inside, int(problem.headroom[area])), int(problem.headroom[area])
        if sites:
            needed = sum(inside[s] for s in sites)
            says = (
                f"Sites {_list(problem, sites)} are forced in and need {needed} capacities, but "
                f"{_area(problem, area)} has a headroom of {room}.\n  Try: take back one of these sites."
            )
            numbers = {"needed": needed, "room": room}
            return Clash("forced_in_area", says, _names(problem, sites), _area(problem, area), numbers)
    return None


def _forced_in_all(problem: Problem) -> Clash | None:
    amounts = {s: int(problem.least[s]) for s in problem.forced_in}
    sites = _smallest(amounts, problem.total)
    if not sites:
        return None
    needed = sum(amounts[s] for s in sites)
    says = (
        f"Sites {_list(problem, sites)} are forced in and need {needed} capacities, but {problem.total} are offered.\n"
        f"  Try: take back one of these sites, or offer more."
    )
    return Clash("forced_in_all", says, _names(problem, sites), "", {"needed": needed, "total": problem.total})


def _too_many_sites(problem: Problem) -> Clash | None:
    forced, most = len(problem.forced_in), problem.sites
    if most is None or forced <= most:
        return None
    says = f"{forced} sites are forced in, but {most} may be opened.\n  Try: allow more sites."
    return Clash("too_many_sites", says, _names(problem, list(problem.forced_in)), "", {"forced": forced, "most": most})


def _nothing_fits(problem: Problem) -> Clash | None:
    if problem.total <= 0 or not problem.headroom.any():
        return None
    if not problem.candidates:
        says = "There is headroom but no candidate site.\n  Try: allow smaller places as candidates."
        return Clash("no_candidate", says)
    room = np.minimum(problem.headroom[problem.area], problem.total)
    if (problem.least <= room).any():
        return None
    least, most = int(problem.least.min()), int(room.max())
    says = (
        f"A new practice must get at least {least} capacities, but no area with a candidate has a "
        f"headroom of more than {most}.\n  Try: allow practices with fewer capacities."
    )
    return Clash("nothing_fits", says, numbers={"least": least, "room": most})


def _names(problem: Problem, sites: list[int]) -> tuple[str, ...]:
    return tuple(problem.called[site] if problem.called else str(site) for site in sites)


def _list(problem: Problem, sites: list[int]) -> str:
    return ", ".join(_names(problem, sites))


def _area(problem: Problem, area: int) -> str:
    return problem.areas_called[area] if problem.areas_called else f"area {area}"
