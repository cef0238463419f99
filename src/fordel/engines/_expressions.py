"""Expressions on the citizen table, written once for every SQL engine.

Every literal is cast: an uncast 0.1 becomes DECIMAL, which overflows on one engine and rounds silently on another. All
that is summed is whole numbers, so that neither the engine nor the order of rows changes a digit.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import polars as pl

    from fordel.need.cells import Ints
    from fordel.need.design import Covariate, Design
    from fordel.need.source import Contribution, Predictor, Scoring

_CLOSE = 100  # codes no further apart than this have a slot each

Sound = Mapping[str, tuple[int, int]]  # lowest and highest value by column
NONE: Sound = MappingProxyType({})
Expression = Any  # ibis types its expressions loosely


def whole(value: int) -> Expression:
    """Give a 64-bit whole number."""
    return ibis.literal(value, "int64")


def small(value: int) -> Expression:
    """Give a 32-bit whole number."""
    return ibis.literal(value, "int32")


def flag(condition: Expression) -> Expression:
    """Give 1 where a condition holds, else 0; some engines cannot cast a condition."""
    return ibis.ifelse(condition, small(1), small(0))


def real(value: float) -> Expression:
    """Give a 64-bit floating-point number."""
    return ibis.literal(float(value), "float64")


def slot_of(table: Expression, covariate: Covariate, sound: Sound = NONE) -> Expression:
    """Give a citizen's slot of a covariate (``codes_of_slots``), without branches where codes lie close.

    Args:
        table: of citizens.
        covariate: whose slot.
        sound: columns known to hold whole numbers from a lowest to a highest and none missing: these need no guard.
    """
    column = table[covariate.column]
    if column.type().is_boolean():
        column = column.cast("int8")
    found = sound.get(covariate.column)
    if covariate.breaks and found is not None and _holds(covariate, *found):
        return _band(column, covariate)
    if covariate.breaks or covariate.linear:
        return _branched(column, covariate)
    low, high = _span(covariate)
    if high - low > _CLOSE:
        return _looked_up(column, covariate)
    if found is not None and low <= found[0] and found[1] <= high:
        # Told as 32 bits, since ibis takes the difference for 64 and would leave out the cast that makes it so.
        return (column.cast("int32") - small(low - 1)).cast("int32")
    # Engines differ in what the least of a value and nothing is, so nothing is first put below all codes.
    held = ibis.coalesce(column.cast("int32"), small(low - 1))
    held = ibis.greatest(ibis.least(held, small(high + 1)), small(low - 1)) - small(low - 1)
    return (held + flag(column.isnull()) * small(high - low + 3)).cast("int32")


def codes_of_slots(covariate: Covariate) -> Ints:
    """Give the cell code of each slot: codes that lie close have one each, and one below, above and for missing."""
    if covariate.breaks or covariate.linear or _span(covariate)[1] - _span(covariate)[0] > _CLOSE:
        return np.arange(covariate.radix)
    low, high = _span(covariate)
    slots = np.full(high - low + 4, covariate.unknown_code)
    for at, level in enumerate(covariate.levels):
        slots[int(level.code or 0) - low + 1] = at
    slots[-1] = covariate.missing_code
    return slots


def _span(covariate: Covariate) -> tuple[int, int]:
    codes = [int(level.code or 0) for level in covariate.levels]
    return min(codes), max(codes)


def _branched(column: Expression, covariate: Covariate) -> Expression:
    known = _within(column, covariate)
    level = _band(column, covariate) if covariate.breaks else small(0)
    missing, unknown = covariate.radix - 2, covariate.radix - 1
    return ibis.ifelse(column.isnull(), small(missing), ibis.ifelse(known, level, small(unknown)))


def _looked_up(column: Expression, covariate: Covariate) -> Expression:
    levels = [(column == whole(int(level.code or 0)), small(at)) for at, level in enumerate(covariate.levels)]
    return ibis.cases((column.isnull(), small(covariate.missing_code)), *levels, else_=small(covariate.unknown_code))


def _holds(covariate: Covariate, lowest: int, highest: int) -> bool:
    """Whether no value from lowest to highest is unknown to a banded covariate."""
    least, most = covariate.least, covariate.most
    return (least is None or least <= lowest) and (most is None or highest <= most)


def _within(column: Expression, covariate: Covariate) -> Expression:
    known = ibis.literal(value=True)
    if covariate.least is not None:
        known &= column >= whole(covariate.least)
    if covariate.most is not None:
        known &= column <= whole(covariate.most)
    return known


def _band(column: Expression, covariate: Covariate) -> Expression:
    breaks = covariate.breaks
    steps = {later - earlier for earlier, later in pairwise(breaks)}
    if len(steps) == 1 and column.type().is_integer():
        step = steps.pop()
        shifted = column.cast("int32") - small(breaks[0] - step)
        return ibis.least((ibis.greatest(shifted, small(0)) // small(step)).cast("int32"), small(len(breaks)))
    passed = [flag(column >= whole(at)) for at in breaks]
    return functools.reduce(operator.add, passed)


def state_of(table: Expression, design: Design) -> Expression:
    """Give the row's index into ``STATES``."""
    use = table[design.outcome]
    bad_use = use.isnull() | (use < whole(0))
    state = ibis.ifelse(bad_use, whole(2), whole(0))
    if design.exposure is None:
        return state
    exposure = table[design.exposure]
    return ibis.ifelse(exposure.isnull() | (exposure <= whole(0)), whole(1), state)


def exposure_of(table: Expression, design: Design) -> Expression:
    """Give exposure, 1 where the model has none."""
    return whole(design.full_exposure) if design.exposure is None else table[design.exposure].cast("int64")


def cell_table(table: Expression, design: Design) -> Expression:
    """Group citizens by what the model reads of them, and count them as n and their use as y, y2, users.

    Groups are ``word_<n>`` (packed slots), ``value_<n>`` (linear values), ``exposure`` and ``bad_use``.
    """
    words = {f"word_{at}": word for at, word in enumerate(words_of(table, design))}
    values = {f"value_{at}": value_or_zero(table, c) for at, c in enumerate(design.linear)}
    use = table[design.outcome]
    bad = use.isnull() | (use < whole(0))
    rows = table.select(**words, **values, exposure=exposure_of(table, design), bad_use=bad, use=use)
    use = rows.use
    return rows.group_by([*words, *values, "exposure", "bad_use"]).agg(
        n=rows.count().cast("int64"),
        y=use.sum().cast("int64"),
        y2=(use.cast("int64") * use.cast("int64")).sum().cast("int64"),
        users=flag(use > whole(0)).sum().cast("int64"),
    )


def words_of(table: Expression, design: Design, sound: Sound = NONE) -> list[Expression]:
    """Pack the slots of a citizen's characteristics into as few 64-bit words as hold them."""
    words = []
    for members in word_members(design):
        total, stride = whole(0), 1
        for covariate in members:
            total = total + slot_of(table, covariate, sound).cast("int64") * whole(stride)
            stride *= len(codes_of_slots(covariate))
        words.append(total)
    return words


def word_members(design: Design) -> list[list[Covariate]]:
    """Share covariates out over words, in the order of the model."""
    words: list[list[Covariate]] = [[]]
    room = 1 << 62
    for covariate in design.covariates:
        slots = len(codes_of_slots(covariate))
        if room < slots:
            words.append([])
            room = 1 << 62
        words[-1].append(covariate)
        room //= slots
    return words


def codes_of_words(design: Design, counted: pl.DataFrame) -> dict[str, npt.NDArray[np.int16]]:
    """Unpack words to cell codes by covariate."""
    codes = {}
    for at, members in enumerate(word_members(design)):
        word = counted[f"word_{at}"].to_numpy()
        for covariate in members:
            slots = codes_of_slots(covariate)
            rest = word // len(slots)  # numpy divides by one number several at a time, but takes no remainder so
            codes[covariate.name] = slots.astype(np.int16)[word - rest * len(slots)]
            word = rest
    return codes


def fitted_rows(table: Expression, design: Design) -> Expression:
    """Keep the citizens that are in the fit."""
    keep = state_of(table, design) == whole(0)
    for covariate in design.covariates:
        last = 1 if covariate.linear else len(covariate.fitted_levels)
        out = [int(slot) for slot in np.flatnonzero(codes_of_slots(covariate) >= last)]
        keep &= ~slot_of(table, covariate).isin([small(slot) for slot in out])
    return table.filter(keep)


def index_of(table: Expression, contribution: Contribution) -> Expression:
    """Give where a citizen stands in a block's table, laid out flat by slot: see ``by_slot``."""
    index = small(0)
    for covariate in contribution.block.of:
        if not covariate.linear:
            index = index * small(len(codes_of_slots(covariate))) + slot_of(table, covariate)
    return index


def by_slot(contribution: Contribution, by_code: npt.NDArray[Any]) -> list[Any]:
    """Lay a block's table out flat by slot."""
    slots = [codes_of_slots(c) for c in contribution.block.of if not c.linear]
    found: list[Any] = (by_code[np.ix_(*slots)] if slots else by_code).ravel().tolist()
    return found


def value_or_zero(table: Expression, covariate: Covariate) -> Expression:
    """Give a linear value, 0 where it is missing or unknown."""
    return ibis.ifelse(slot_of(table, covariate) == small(0), table[covariate.column].cast("float64"), real(0))


def value_of(table: Expression, contribution: Contribution) -> Expression:
    """Give the product of a block's linear values, with what replaces missing ones, held within what counts."""
    product = real(1)
    for covariate, (instead, low, high) in zip(contribution.block.linear, contribution.replacing, strict=True):
        value = ibis.ifelse(
            slot_of(table, covariate) == small(0), table[covariate.column].cast("float64"), real(instead)
        )
        if np.isfinite(low):
            value = ibis.greatest(ibis.least(value, real(high)), real(low))
        product = product * value
    return product


def predictor(table: Expression, tables: Predictor) -> Expression:
    """Give the linear predictor of each citizen: a sum of look-ups."""
    total = real(tables.constant)
    for contribution in tables.contributions:
        flat = by_slot(contribution, contribution.by_code)
        added = ibis.array([real(value) for value in flat])[index_of(table, contribution)]
        if contribution.block.linear:
            added = added * value_of(table, contribution)
        total = total + added
    return total


def mean_of(eta: Expression, scoring: Scoring) -> Expression:
    """Give the mean of a whole year."""
    if scoring.kind == "logistic":
        return real(1) / (real(1) + (-eta).exp())
    return eta.exp() if scoring.log else eta


def score_of(eta: Expression, use: Expression, exposure: Expression, scoring: Scoring) -> Expression:
    """Give a citizen's score by η; the same formulas as the likelihoods have on cells."""
    if scoring.kind == "logistic":
        return flag(use > whole(0)).cast("float64") - mean_of(eta + exposure.ln(), scoring)
    mean = mean_of(eta, scoring)
    left = use.cast("float64") - exposure * mean
    if scoring.kind == "nb2":
        return left * real(scoring.shape) / (real(scoring.shape) + exposure * mean)
    if not scoring.log:
        return left if scoring.power == 0 else left / mean**scoring.power
    return {0: left * mean, 1: left, 2: left / mean}[scoring.power]
