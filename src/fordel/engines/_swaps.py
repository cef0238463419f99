"""Compiled swap search for placement: what each site gains or loses is kept up to date, so that a swap costs little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

COMPILE: dict[str, Any] = {"cache": True, "nogil": True, "boundscheck": False}


@njit(inline="always")
def worth(count: int, need: int, first: float) -> float:
    """Worth of a class at a count: 1 when it has what it lacks, a share on the way."""
    if count >= need:
        return 1.0
    return first * count / max(need - 1, 1)


@njit(**COMPILE)
def weigh(reach: Any, wanted: Any, plan: Any, first: float) -> None:
    """Work out anew what opening (gain) or closing (loss) each site changes."""
    start, sites = reach[0]
    weight, need = wanted
    _, counts, _, gain, loss, _ = plan
    gain[:] = 0.0
    loss[:] = 0.0
    for row in range(len(weight)):
        here = worth(counts[row], need[row], first)
        up = weight[row] * (worth(counts[row] + 1, need[row], first) - here)
        down = weight[row] * (here - worth(counts[row] - 1, need[row], first)) if counts[row] else 0.0
        for at in range(start[row], start[row + 1]):
            gain[sites[at]] += up
            loss[sites[at]] += down


@njit(**COMPILE)
def move(reach: Any, wanted: Any, plan: Any, rules: Any, first: float, site: int, way: int) -> float:
    """Open (1) or close (-1) a site; give what that changes for those who now have, or no longer have, what they lack.

    Sites whose gain or loss changes by it are those that reach one of the same classes; they are to be looked at again.
    """
    (start, sites), (site_start, rows) = reach
    weight, need = wanted
    opened, counts, (left, spare), gain, loss, look = plan
    area, least = rules
    opened[site] = way > 0
    left[area[site]] -= way * least[site]
    spare[0] -= way * least[site]
    spare[1] -= way
    changed = 0.0
    for at in range(site_start[site], site_start[site + 1]):
        row = rows[at]
        lacks, old = need[row], counts[row]
        new = old + way
        counts[row] = new
        changed += weight[row] * (np.float64(new >= lacks) - np.float64(old >= lacks))
        was, now = worth(old, lacks, first), worth(new, lacks, first)
        up = worth(new + 1, lacks, first) - now - (worth(old + 1, lacks, first) - was)
        down_old = was - worth(old - 1, lacks, first) if old else 0.0
        down_new = now - worth(new - 1, lacks, first) if new else 0.0
        down = down_new - down_old
        if up == 0.0 and down == 0.0:
            continue
        for pair in range(start[row], start[row + 1]):
            other = sites[pair]
            gain[other] += weight[row] * up
            loss[other] += weight[row] * down
            look[other] = True
    return changed


@njit(**COMPILE)
def best_to_open(plan: Any, rules: Any, barred: Any) -> int:
    """Find the site that fits and gains most; -1 where none does."""
    opened, _, (left, spare), gain, _, _ = plan
    area, least = rules
    found, most = -1, 1e-6
    if spare[1] <= 0:
        return found
    for site in range(len(gain)):
        if gain[site] > most and not opened[site] and not barred[site]:
            fits = least[site] <= left[area[site]] and least[site] <= spare[0]
            if fits:
                found, most = site, gain[site]
    return found


@njit(**COMPILE)
def improve(reach: Any, wanted: Any, plan: Any, rules: Any, bars: Any, first: float) -> float:
    """Open the best site while one fits, then swap one at a time for a better one, until none is.

    Only sites near a change are looked at again (don't-look bits; Bentley 1992).

    Args:
        reach: by class and by site: start and numbers.
        wanted: weight and need of each class.
        plan: opened, counts, room (left per area; capacities and sites), gain, loss, look; changed in place.
        rules: area and least capacities of each site.
        bars: sites that stay and sites that may not be opened.
        first: worth of the first choice.

    Returns:
        how much more people now have what they lack.
    """
    opened, _, _, gain, loss, look = plan
    fixed, barred = bars
    value, better = 0.0, True
    while better:
        better = False
        while True:
            site = best_to_open(plan, rules, barred)
            if site < 0:
                break
            value += move(reach, wanted, plan, rules, first, site, 1)
        for site in np.flatnonzero(opened):
            if fixed[site] or not look[site]:
                continue
            lost = loss[site]
            value += move(reach, wanted, plan, rules, first, site, -1)
            other = best_to_open(plan, rules, barred)
            if other < 0 or gain[other] <= lost + 1e-6:
                other = site
            better = better or other != site
            value += move(reach, wanted, plan, rules, first, other, 1)
            look[site] = False
    return value


@njit(inline="always")
def drawn(state: Any, below: int) -> Any:
    """Draw a whole number below another (linear congruence, seeded)."""
    state[0] = state[0] * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return np.int64((state[0] >> np.uint64(33)) % np.uint64(below))


@njit(**COMPILE)
def some_to_close(reach: Any, opened: Any, fixed: Any, state: Any, most: int) -> Any:
    """Draw a few opened sites near each other: one, and others that share a class with it."""
    (start, sites), (site_start, rows) = reach
    chosen = np.flatnonzero(opened & ~fixed)
    closed = [0][:0]
    if len(chosen) == 0:
        return closed
    closed.append(chosen[drawn(state, len(chosen))])
    here = rows[site_start[closed[0]] : site_start[closed[0] + 1]]
    for _ in range(8 * most):
        if len(closed) >= most or len(here) == 0:
            break
        row = here[drawn(state, len(here))]
        near = sites[start[row] : start[row + 1]]
        other = near[drawn(state, len(near))]
        if drawn(state, 8) == 0:
            other = chosen[drawn(state, len(chosen))]
        if opened[other] and not fixed[other] and other not in closed:
            closed.append(other)
    return closed


@njit(**COMPILE)
def shake(reach: Any, wanted: Any, plan: Any, rules: Any, bars: Any, first: float, tries: int, state: Any,
          value: float, slack: float, widest: int, best: Any, most: float) -> Any:  # fmt: skip
    """Close a few sites, fill up and improve; keep what is little worse (iterated local search; Lourenço et al. 2003).

    Args:
        reach, wanted, plan, rules, bars, first: see ``improve``.
        tries: how often.
        state: of the draws.
        value: what the plan gives.
        slack: how much less than before a plan may give to be kept (threshold accepting; Dueck & Scheuer 1990).
        widest: up to one more than so many sites are closed at a time.
        best: the best plan so far, changed in place; it gives ``most``.

    Returns:
        what the plan gives now, and what the best does.
    """
    opened, look = plan[0], plan[5]
    kept = opened.copy()
    weigh(reach, wanted, plan, first)
    look[:] = True
    for _ in range(tries):
        now = value
        for site in some_to_close(reach, opened, bars[0], state, 2 + drawn(state, widest)):
            now += move(reach, wanted, plan, rules, first, site, -1)
        now += improve(reach, wanted, plan, rules, bars, first)
        if now > most + 0.5:
            most = now
            best[:] = opened
        if now >= value - slack:
            value = now
            kept[:] = opened
        else:
            for site in np.flatnonzero(opened & ~kept):
                move(reach, wanted, plan, rules, first, site, -1)
            for site in np.flatnonzero(kept & ~opened):
                move(reach, wanted, plan, rules, first, site, 1)
            look[:] = False
    return value, most
