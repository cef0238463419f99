"""Scores of citizens by practice, compiled. The formulas are those of ``_expressions.score_of``."""

import math

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def score(eta, use, exposure, kind, power, log, shape):  # type: ignore[no-untyped-def]
    """Give one citizen's score by η; exposure in years."""
    if kind == 2:
        return (1.0 if use > 0 else 0.0) - 1.0 / (1.0 + math.exp(-eta - math.log(exposure)))
    mean = math.exp(eta) if log else eta
    left = use - exposure * mean
    if kind == 1:
        return left * shape / (shape + exposure * mean)
    if log:
        return left * mean ** (1 - power)
    return left / mean**power


@njit(nogil=True, cache=True)
def add_scores(  # type: ignore[no-untyped-def]
    raw, values, practices, uses, exposures, year, codes, limits, bounds,
    of, radix, offsets, places, adds, constant, kind, power, log, shape, users_only, total,
):  # fmt: skip
    """Add the scores of the citizens that are in the fit to ``total[practice, column]``."""
    code = np.empty(len(limits), dtype=np.int64)
    touched = np.empty(len(of), dtype=np.int64)
    factor = np.empty(len(of))
    for row in range(len(uses)):
        fine = uses[row] >= users_only and exposures[row] > 0
        for at in range(len(limits)):
            code[at] = codes[at, raw[at, row] + 32768]
            fine = fine and code[at] < limits[at]
        for at in range(len(bounds)):
            fine = fine and bounds[at, 0] <= values[at, row] <= bounds[at, 1]
        if not fine:
            continue
        eta = constant
        for block in range(len(of)):
            index, factor[block] = 0, 1.0
            for slot in range(2):
                member = of[block, slot]
                if member < 0:
                    factor[block] *= values[-1 - member, row]
                elif member != 9999:
                    index = index * radix[block, slot] + code[member]
            touched[block] = places[offsets[block] + index]
            eta += adds[offsets[block] + index] * factor[block]
        each = score(eta, uses[row], exposures[row] / year, kind, power, log, shape)
        total[practices[row], 0] += each
        for block in range(len(of)):
            if touched[block] >= 0:
                total[practices[row], touched[block]] += each * factor[block]
