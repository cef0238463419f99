"""Wishes that cannot be met together (modstridende ønsker): the smallest set of them, in a sentence."""

from __future__ import annotations

import numpy as np

from fordel.placement.problem import Problem


def conflict(problem: Problem) -> str | None:
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


def sentence(names: list[str]) -> str:
    """Say which constraints conflict; they are by name in ``CONSTRAINTS``."""
    listed = [WORDS[name] for name in names if name in WORDS]
    return f"These cannot be met together: {'; '.join(listed)}.\n  Try: let go of one of them; any one is enough."


def _both_ways(problem: Problem) -> str | None:
    both = sorted(set(problem.forced_in) & set(problem.forced_out))
    if not both:
        return None
    return f"Site {_list(problem, both[:1])} is both forced in and forced out.\n  Try: take back one of the two."


def _forced_alone(problem: Problem) -> str | None:
    for site in sorted(problem.forced_in):
        least, room = int(problem.least[site]), int(problem.headroom[problem.area[site]])
        if least > min(room, problem.total):
            return (
                f"Site {_list(problem, [site])} is forced in and must get at least {least} capacities, but "
                f"{_area(problem, problem.area[site])} has a headroom of {room} and {problem.total} are offered.\n"
                f"  Try: allow fewer capacities at the site."
            )
    return None


def _smallest(amounts: dict[int, int], room: int) -> list[int]:
    """Give the fewest sites that together need more than there is room for: those that need most."""
    taken: list[int] = []
    for site in sorted(amounts, key=lambda s: (-amounts[s], s)):
        taken.append(site)
        if sum(amounts[s] for s in taken) > room:
            return sorted(taken)
    return []


def _forced_in_area(problem: Problem) -> str | None:
    for area in sorted({int(problem.area[site]) for site in problem.forced_in}):
        inside = {s: int(problem.least[s]) for s in problem.forced_in if problem.area[s] == area}
        sites, room = _smallest(inside, int(problem.headroom[area])), int(problem.headroom[area])
        if sites:
            return (
                f"Sites {_list(problem, sites)} are forced in and need {sum(inside[s] for s in sites)} capacities, but "
                f"{_area(problem, area)} has a headroom of {room}.\n  Try: take back one of these sites."
            )
    return None


def _forced_in_all(problem: Problem) -> str | None:
    amounts = {s: int(problem.least[s]) for s in problem.forced_in}
    sites = _smallest(amounts, problem.total)
    if not sites:
        return None
    needed = sum(amounts[s] for s in sites)
    return (
        f"Sites {_list(problem, sites)} are forced in and need {needed} capacities, but {problem.total} are offered.\n"
        f"  Try: take back one of these sites, or offer more."
    )


def _too_many_sites(problem: Problem) -> str | None:
    if problem.sites is None or len(problem.forced_in) <= problem.sites:
        return None
    return f"{len(problem.forced_in)} sites are forced in, but {problem.sites} may be opened.\n  Try: allow more sites."


def _nothing_fits(problem: Problem) -> str | None:
    if problem.total <= 0 or not problem.headroom.any():
        return None
    if not problem.candidates:
        return "There is headroom but no candidate site.\n  Try: allow smaller places as candidates."
    room = np.minimum(problem.headroom[problem.area], problem.total)
    if (problem.least <= room).any():
        return None
    return (
        f"A new practice must get at least {int(problem.least.min())} capacities, but no area with a candidate has a "
        f"headroom of more than {int(room.max())}.\n  Try: allow practices with fewer capacities."
    )


def _list(problem: Problem, sites: list[int]) -> str:
    return ", ".join(problem.called[site] if problem.called else str(site) for site in sites)


def _area(problem: Problem, area: int) -> str:
    return problem.areas_called[area] if problem.areas_called else f"area {area}"
