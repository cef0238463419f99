"""Collapse addresses to classes straight from where they stand, without listing their pairs with candidates.

2.5 million addresses have 120 million pairs with 2,000 candidates: a gigabyte that is only made to be thrown away. The
engine that counts practices also sums a number per practice; with a random number per candidate, the sum tells which
candidates an address reaches. Only one address per class is then measured pair by pair.
"""

from __future__ import annotations

import numpy as np

from fordel.coverage.distance import Metres
from fordel.coverage.matrix import Engine, Indices, Locations
from fordel.placement.classes import SEED, Classes


def collapse_addresses(
    addresses: Locations,
    candidates: Locations,
    radius: Metres,
    people: Indices,
    choices: Indices,
    engine: Engine,
) -> Classes:
    """Collapse addresses that no plan can tell apart.

    Two sums of random 64-bit numbers, the count and the choices are compared: two addresses that reach different
    candidates would be taken for one with a probability below 1e-25 for all of Denmark.

    Args:
        addresses, candidates: where they stand.
        radius: ``(addresses,)`` metres.
        people: ``(addresses,)``.
        choices: ``(addresses,)`` open practices reached already.
        engine: what measures.

    Returns:
        classes numbered as they first appear; an answer per class expands to addresses by ``answer[of]``.
    """
    from fordel.engines._grouping import number_rows  # noqa: PLC0415 - numba takes half a second to import

    numbers = np.random.default_rng(SEED).integers(-(2**63), 2**63 - 1, (2, len(candidates)), dtype=np.int64)
    counts, one = engine.count(addresses, candidates, radius, numbers[0])
    two = engine.count(addresses, candidates, radius, numbers[1])[1]
    rows = len(addresses)
    slots = np.full(1 << int(2 * max(rows, 1)).bit_length(), -1, np.int32)
    of, first = np.empty(rows, np.int64), np.empty(rows, np.int64)
    found = number_rows(one, two, counts * 4096 + choices, slots, of, first)
    first = first[:found].copy()
    reach = engine.cover(addresses.take(first), candidates, radius[first])
    total = np.bincount(of, people, minlength=found).astype(np.int64)
    return Classes(of, total, choices[first], reach.weighted(np.ones(reach.pairs)))
