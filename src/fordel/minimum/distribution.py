"""Higher minimums where practices offer too little (højere minimumspatienttal end ønsket): the smallest fair set.

The practices of an area state how many patients they will have at most. When these do not cover the area's citizens,
the region may set some minimums higher. What is fair is a choice; three answers are computed, each exact in whole
patients, none above the upper closing limit, and none with one patient more than is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from fordel.law import LawError, rule


@dataclass(frozen=True)
class RaiseParams:
    """Whether minimums may be raised, how far, and what is fair."""

    list_maximum: int
    minimum_above_wish: bool
    raise_method: str


@dataclass(frozen=True)
class _Offer:
    """What one practice offers: patients it will have, and those it can be told to take on top."""

    capacities: Fraction
    mean_weight: Fraction
    start: int
    room: int

    @property
    def strength(self) -> Fraction:
        """Capacities it has for patients of average need."""
        return self.capacities / self.mean_weight


@rule(
    source="Region Sjælland, planlægningsgrundlag 2026, section 2.1 A; what is fair is an assumption",
    unit="patients / practice",
    since="2026-01-01",
    implements=("R25", "R26"),
)
def higher_minimums(
    p: RaiseParams,
    citizens: int,
    stated_maxima: Sequence[int],
    capacities: Sequence[float],
    mean_weights: Sequence[float],
) -> list[int]:
    """Patients each practice must take when the offers do not cover an area (højere minimumspatienttal end ønsket).

    The patients each practice offers, at most the upper closing limit; where they are fewer than the citizens, the
    missing ones are shared out by the method in force, until each citizen has a place and not one more.

    Shapes: one offer, number of capacities and mean weight per practice in, one number out, same order. Ties: the
    practice that stands first.

    Raises:
        LawError: the region does not raise minimums, or even the upper closing limit leaves citizens without a place.
    """
    if p.raise_method not in RAISES:
        raise LawError(f"No way to raise minimums is called {p.raise_method!r}; use one of {', '.join(RAISES)}.")
    given = zip(stated_maxima, capacities, mean_weights, strict=True)
    offers = [_offer(stated, held, weight, p.list_maximum) for stated, held, weight in given]
    missing = max(0, citizens - sum(one.start for one in offers))
    _refuse_impossible(p, citizens, offers, missing)
    raised = RAISES[p.raise_method](offers, missing)
    return [one.start + more for one, more in zip(offers, raised, strict=True)]


def _offer(stated: int, held: float, weight: float, list_maximum: int) -> _Offer:
    if held < 0 or stated < 0 or not weight > 0:
        raise LawError(f"{stated} patients, {held} capacities, mean weight {weight}: no practice can offer that.")
    most = floor(list_maximum * Fraction(held))
    return _Offer(Fraction(held), Fraction(weight), min(stated, most), most - min(stated, most))


def _refuse_impossible(p: RaiseParams, citizens: int, offers: Sequence[_Offer], missing: int) -> None:
    if missing and not p.minimum_above_wish:
        raise LawError(
            f"The offers leave {missing:,} of {citizens:,} citizens without a place, and the region sets no minimum "
            "above what a practice wishes (minimum_above_wish)."
        )
    most = sum(one.start + one.room for one in offers)
    if missing and citizens > most:
        lacking = -(-(citizens - most) // p.list_maximum)
        raise LawError(
            f"No set of minimums covers {citizens:,} citizens: at {p.list_maximum:,} patients per capacity these "
            f"{len(offers)} practices have room for {most:,}, so {citizens - most:,} are left.\n"
            f"  Needed: {lacking} more {'capacity' if lacking == 1 else 'capacities'}"
        )


def _proportional(offers: Sequence[_Offer], missing: int) -> list[int]:
    """Everyone takes the same share more per capacity, as far as the upper closing limit allows."""
    return _filled(offers, missing, start=lambda _: Fraction(0), strength=lambda one: one.capacities)


def _equal_burden(offers: Sequence[_Offer], missing: int) -> list[int]:
    """Those with the fewest weighted patients per capacity take first, until all who take carry the same."""
    return _filled(offers, missing, start=lambda one: Fraction(one.start), strength=lambda one: one.strength)


def _fewest_practices(offers: Sequence[_Offer], missing: int) -> list[int]:
    """As few practices as possible are raised: those with most room; among them the burden is made equal."""
    by_room = sorted(range(len(offers)), key=lambda i: (-offers[i].room, i))
    chosen: list[int] = []
    for i in by_room:
        if sum(offers[j].room for j in chosen) >= missing:
            break
        chosen.append(i)
    chosen.sort()
    raised = dict(zip(chosen, _equal_burden([offers[i] for i in chosen], missing), strict=True))
    return [raised.get(i, 0) for i in range(len(offers))]


def _filled(
    offers: Sequence[_Offer],
    missing: int,
    *,
    start: Callable[[_Offer], Fraction],
    strength: Callable[[_Offer], Fraction],
) -> list[int]:
    """Pour the missing patients in like water: a patient always goes where the level is lowest once he is in.

    The level of a practice is ``(start + taken) / strength``. Whole levels are skipped by bisection; the few patients
    left are given one by one. This makes the highest level, then the next, as low as possible, since each level grows
    with every patient taken (Federgruen and Groenevelt, Operations Research 34(6), 1986: greedy is exact).
    """

    def taken_at(level: Fraction) -> list[int]:
        return [max(0, min(one.room, floor(level * strength(one) - start(one)))) for one in offers]

    low, high = (
        Fraction(0),
        max((start(o) + o.room) / strength(o) for o in offers if o.room) if missing else Fraction(0),
    )
    while missing and high - low > Fraction(1, 2 * (1 + floor(sum(map(strength, offers))))):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(taken_at(middle)) <= missing else (low, middle)
    taken = taken_at(low)
    for _ in range(missing - sum(taken)):
        open_ones = [i for i, one in enumerate(offers) if taken[i] < one.room]
        lowest = min(open_ones, key=lambda i: ((start(offers[i]) + taken[i] + 1) / strength(offers[i]), i))
        taken[lowest] += 1
    return taken


RAISES: dict[str, Callable[[Sequence[_Offer], int], list[int]]] = {
    "proportional": _proportional,
    "equal_burden": _equal_burden,
    "fewest_practices": _fewest_practices,
}
