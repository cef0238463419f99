"""Where each coefficient stands: the columns of the design matrix, which is never built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from fordel.need.cells import Cells, Floats
    from fordel.need.design import Covariate, Design

Places = npt.NDArray[np.int16]

CONSTANT = "constant"


@dataclass(frozen=True)
class Term:
    """One coefficient.

    Attributes:
        name: ``age[80-84]``, or ``age[80-84]:sex[female]``.
        covariates, levels: what it is of; a linear covariate has the level ``""``.
    """

    name: str
    covariates: tuple[str, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Block:
    """The terms of one covariate or interaction.

    Attributes:
        of: its covariates.
        places: column of the design matrix by code of each categorical covariate in ``of``; -1 is none.
    """

    of: tuple[Covariate, ...]
    places: Places

    @property
    def linear(self) -> tuple[Covariate, ...]:
        """Those of its covariates whose values multiply in."""
        return tuple(c for c in self.of if c.linear)


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of a design matrix.

    Attributes:
        design: the model.
        terms: one per column; the constant first.
        blocks: which columns a citizen touches, by codes: at most one per block.
    """

    design: Design
    terms: tuple[Term, ...]
    blocks: tuple[Block, ...]

    @property
    def width(self) -> int:
        """How many coefficients."""
        return len(self.terms)

    @property
    def ridge(self) -> Floats:
        """Penalty of each coefficient; an interaction has the larger of its covariates' penalties."""
        of = {c.name: c.ridge for c in self.design.covariates}
        return np.array([max((of[name] for name in term.covariates), default=0.0) for term in self.terms])

    def touched(self, cells: Cells) -> tuple[Places, Floats]:
        """Give the columns each cell touches and with what value; shapes (cells, blocks + 1); -1 touches none.

        The values have shape (0, 0) when no covariate is linear: then every value is 1.
        """
        codes = {c.name: cells.codes(c) for c in self.design.categorical}
        places = np.zeros((cells.size, len(self.blocks) + 1), dtype=np.int16)
        values = np.ones(places.shape) if self.design.linear else np.empty((0, 0))
        for at, block in enumerate(self.blocks, start=1):
            places[:, at] = block.places[tuple(codes[c.name] for c in block.of if not c.linear)]
            for covariate in block.linear:
                values[:, at] *= cells.values[:, self.design.linear.index(covariate)]
        return places, values


def layout_of(design: Design, present: dict[str, npt.NDArray[np.bool_]]) -> Layout:
    """Lay out the columns of a model.

    Args:
        design: the model.
        present: for each categorical covariate, which codes any citizen has. A missing level that nobody has gets no column.
    """
    terms = [Term(CONSTANT, (), ())]
    fitted = [(c,) for c in design.covariates if c.in_fit]
    pairs = [(design.covariate(one), design.covariate(other)) for one, other in design.interactions]
    blocks = [_block(of, present, terms) for of in (*fitted, *pairs)]
    return Layout(design, tuple(terms), tuple(blocks))


def _block(of: tuple[Covariate, ...], present: dict[str, npt.NDArray[np.bool_]], terms: list[Term]) -> Block:
    """Add the terms of one block, first covariate slowest, as formula languages order them."""
    categorical = [c for c in of if not c.linear]
    places = np.full([c.radix for c in categorical], -1, dtype=np.int16)
    for codes in np.ndindex(*(len(c.fitted_levels) for c in categorical)):
        has = dict(zip((c.name for c in categorical), codes, strict=True))
        if any(has[c.name] == c.reference or not present[c.name][has[c.name]] for c in categorical):
            continue
        places[codes] = len(terms)
        levels = tuple("" if c.linear else c.fitted_levels[has[c.name]].name for c in of)
        shown = [f"{c.name}[{level}]" if level else c.name for c, level in zip(of, levels, strict=True)]
        terms.append(Term(":".join(shown), tuple(c.name for c in of), levels))
    return Block(of, cast("Places", places))
