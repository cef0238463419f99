"""Classes of a map: bounds that read well, and colours that colour-blind readers and a grey printer can tell apart."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fordel.publish import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.publish.texts import Texts

# Blue and orange differ for every kind of colour vision (Okabe and Ito); in grey print hatching tells them apart.
HEADROOM_COLOURS = ("#0b4f8a", "#4a90c4", "#b5d4ea")
BALANCE_COLOUR = "#f7f7f2"
SURPLUS_COLOURS = ("#fbd9ad", "#ea9a3e", "#b35806")
# From light to dark in even steps of lightness, so that grey print keeps the order.
SEQUENTIAL_COLOURS = ("#eef5f1", "#c3dfd3", "#86bfae", "#3f9488", "#0d5c58")
ROUND_BOUNDS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Shade:
    """One class of a map: its words, its colour, and whether it is hatched as well."""

    label: str
    colour: str
    hatched: bool = False


@dataclass(frozen=True)
class Classes:
    """The classes of a map, highest first, and which class each municipality is in."""

    shades: tuple[Shade, ...]
    index: dict[str, int]

    def members(self, index: int) -> list[str]:
        """List the municipalities of one class."""
        return [code for code, i in self.index.items() if i == index]


def diverging(headroom: Mapping[str, float], surplus: Mapping[str, float], texts: Texts) -> Classes:
    """Class municipalities by headroom and surplus. Unit: capacities. At most one of the two is above 0."""
    sizes = sorted(v for v in (*headroom.values(), *surplus.values()) if v > 0)
    low, high = _round_bounds(sizes)
    labels = _size_labels(low, high, texts)
    shades = [Shade(texts("class_headroom", size=s), c) for s, c in zip(labels, HEADROOM_COLOURS, strict=True)]
    shades.append(Shade(texts("class_balance"), BALANCE_COLOUR))
    shades += [
        Shade(texts("class_surplus", size=s), c, hatched=True)
        for s, c in zip(reversed(labels), SURPLUS_COLOURS, strict=True)
    ]
    index = {}
    for code in headroom:
        if headroom[code] > 0:
            index[code] = 2 - bisect_right((low, high), headroom[code])
        else:
            index[code] = 4 + bisect_right((low, high), surplus[code]) if surplus[code] > 0 else 3
    return Classes(tuple(shades), index)


def sequential(values: Mapping[str, float], texts: Texts, *, decimals: int) -> Classes:
    """Class municipalities in fifths by value, with bounds rounded to ``decimals``; highest class first."""
    bounds = _fifths(sorted(values.values()), decimals)
    edges = [formats.number(bound, decimals, texts.lang) for bound in bounds]
    labels = [texts("class_all")] if not edges else [texts("class_below", high=edges[0])]
    labels += [texts("class_between", low=a, high=b) for a, b in pairwise(edges)]
    labels += [texts("class_from", low=edges[-1])] if edges else []
    colours = _spread(SEQUENTIAL_COLOURS, len(labels))
    shades = tuple(Shade(label, colour) for label, colour in zip(labels, colours, strict=True))
    top = len(shades) - 1
    return Classes(shades[::-1], {code: top - bisect_right(bounds, value) for code, value in values.items()})


def _round_bounds(sizes: list[float]) -> tuple[float, float]:
    """Choose two round bounds near the middle and the upper sixth of the sizes."""
    if not sizes:
        return ROUND_BOUNDS[1], ROUND_BOUNDS[3]
    middle, upper = sizes[len(sizes) // 2], sizes[len(sizes) * 5 // 6]
    low = min(ROUND_BOUNDS[:-1], key=lambda bound: abs(bound - middle))
    above = [bound for bound in ROUND_BOUNDS if bound > low]
    return low, min(above, key=lambda bound: abs(bound - upper))


def _size_labels(low: float, high: float, texts: Texts) -> list[str]:
    """Say the three sizes, largest first."""
    lower, higher = (formats.number(b, 0 if b >= 1 else 1, texts.lang) for b in (low, high))
    return [
        texts("class_from", low=higher),
        texts("class_between", low=lower, high=higher),
        texts("class_below", high=lower),
    ]


def _fifths(ordered: list[float], decimals: int) -> list[float]:
    """Bounds between fifths, each once, and none that leaves the lowest class empty."""
    if not ordered:
        return []
    cuts = (ordered[len(ordered) * fifth // 5] for fifth in range(1, 5))
    return sorted({bound for cut in cuts if (bound := round(cut, decimals)) > ordered[0]})


def _spread(colours: tuple[str, ...], count: int) -> list[str]:
    """Take colours evenly from light to dark."""
    if count == 1:
        return [colours[len(colours) // 2]]
    return [colours[round(i * (len(colours) - 1) / (count - 1))] for i in range(count)]
