"""The compiled sums over cells are those of plain numpy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.need.kernels import CompiledKernels, PlainKernels


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), cells=st.integers(0, 200), blocks=st.integers(1, 6), linear=st.booleans())
def test_compiled_equals_plain(seed: int, cells: int, blocks: int, *, linear: bool) -> None:
    chance = np.random.default_rng(seed)
    width = 3 * blocks
    places = (chance.integers(0, 3, (cells, blocks)) + 3 * np.arange(blocks)).astype(np.int16)
    places[chance.random(places.shape) < 0.3] = -1
    values = chance.standard_normal(places.shape) if linear else np.empty((0, 0))
    by_cell, coefficients = chance.standard_normal(cells), chance.standard_normal(width)
    fast, plain = CompiledKernels(), PlainKernels()
    np.testing.assert_allclose(
        fast.predictor(places, values, coefficients), plain.predictor(places, values, coefficients)
    )
    for name in ("gradient", "information"):
        mine = getattr(fast, name)(places, values, by_cell, width)
        np.testing.assert_allclose(mine, getattr(plain, name)(places, values, by_cell, width), atol=1e-10)
