"""A waterfall drawn on the server (vandfaldsdiagram): where each bar lies; the template draws it.

Rises, falls and totals differ in pattern as well as in colour, and each carries its number with its sign: it says the
same on paper, in grey and to who cannot tell colours apart. The bars lie down, so that words fit on a narrow screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fordel.publish import formats
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from decimal import Decimal

    from fordel.web.comparisons.queries import Row

WIDTH, LEFT, RIGHT = 360, 92, 76  # of the drawing; of the names; of the numbers
LINE, BAR, TOP = 30, 18, 8
LEAST = 1.5  # width of the thinnest bar
NARROW = 0.25  # of the highest level: where all levels lie closer than this, the axis does not begin at nought


@dataclass(frozen=True)
class Bar:
    """One line of the drawing; lengths are written as the drawing wants them.

    Attributes:
        kind: ``total``, ``rise``, ``fall`` or ``none``.
        label, value: its name, and its number with sign and decimals.
        x, y, width: where it lies; middle is where its words stand.
        joint, next_y: where the line to the next bar stands and ends.
    """

    kind: str
    label: str
    value: str
    x: str
    y: str
    width: str
    middle: str
    joint: str
    next_y: str


@dataclass(frozen=True)
class Chart:
    """The drawing and its scale, and what it says in words."""

    bars: tuple[Bar, ...]
    height: int
    axis_y: int
    first: str
    last: str
    cut: bool
    says: str


def drawn(row: Row, steps: tuple[str, ...], decimals: int) -> Chart:
    """Lay out the waterfall of one number of one area or practice."""
    levels = [float(row.before)]
    for step in row.steps:
        levels.append(levels[-1] + float(step))
    low, high = _scale(levels)
    labels = [text(f"comparisons.step_{name}") for name in ("before", *steps, "after")]
    plain = [formats.number(float(value), decimals, language()) for value in (row.before, row.after)]
    shown = [plain[0], *(formats.signed(float(step), decimals, language()) for step in row.steps), plain[1]]
    spans = [(low, levels[0]), *pairwise(levels), (low, levels[-1])]
    kinds = ["total", *(_kind(step) for step in row.steps), "total"]
    bars = tuple(
        _bar(place, kind, label, value, span, (low, high))
        for place, (kind, label, value, span) in enumerate(zip(kinds, labels, shown, spans, strict=True))
    )
    axis_y = TOP + LINE * len(bars)
    ends = [formats.number(end, 0 if end == round(end) else decimals, language()) for end in (low, high)]
    said = "; ".join(f"{label} {value}" for label, value in zip(labels, shown, strict=True))
    return Chart(bars, axis_y + 22, axis_y, ends[0], ends[1], low != 0, f"{row.name}: {said}.")


def _kind(step: Decimal) -> str:
    return "rise" if step > 0 else "fall" if step < 0 else "none"


def _scale(levels: list[float]) -> tuple[float, float]:
    """Give the ends of the axis: from nought, unless that would hide the steps."""
    low, high = min(levels), max(levels)
    if low > 0 and high - low < NARROW * high:
        low = max(0.0, low - (high - low or high))
        return float(int(low)), high
    return min(0.0, low), high if high > min(0.0, low) else 1.0


def _bar(place: int, kind: str, label: str, value: str, span: tuple[float, float], scale: tuple[float, float]) -> Bar:
    low, high = scale
    per = (WIDTH - LEFT - RIGHT) / (high - low)
    begins, ends = (LEFT + (end - low) * per for end in span)
    x, width, y = min(begins, ends), max(LEAST, abs(ends - begins)), TOP + LINE * place
    numbers = (x, y, width, y + BAR * 0.72, ends, y + LINE)
    return Bar(kind, label, value, *(f"{n:.1f}" for n in numbers))
