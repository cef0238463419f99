"""The classical location models, as sparse matrices: what the literature solves and Fordel's own model generalises.

    location set covering (LSCP; Toregas et al. 1971)     fewest sites within whose reach everybody lives
    maximal covering (MCLP; Church & ReVelle 1974)        most people within reach of p sites: ``model_of``
    p-median (Hakimi 1964; ReVelle & Swain 1970)          least metres in all from everybody to the nearest of p sites
    p-center (Hakimi 1964; Minieka 1970)                  least distance of the one who lives farthest from p sites

Distances are dense here, places x candidates: these models are for a town, or to compare with others' results.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csr_array, eye_array, kron

from fordel.placement.model import Floats, Model, Rows
from fordel.placement.problem import Indices


def within(metres: Floats, radius: float) -> csr_array:
    """Say which candidates lie within the radius of which places: places x candidates, 1 where one does."""
    near = metres <= radius
    start = np.concatenate([[0], np.cumsum(np.count_nonzero(near, axis=1))])
    there = np.flatnonzero(near) % near.shape[1]
    return csr_array((np.ones(len(there)), there, start), shape=near.shape)


def everybody_reached(reach: csr_array) -> Rows:
    """Each place has an opened site within reach."""
    return reach, np.ones(reach.shape[0]), np.full(reach.shape[0], np.inf)


def set_cover(reach: csr_array) -> Model:
    """Fewest sites within whose reach everybody lives (LSCP).

    Args:
        reach: places x candidates, 1 where a site there would be within reach.

    Returns:
        variables: opened sites; worth: minus one each.
    """
    candidates = reach.shape[1]
    return _model({"everybody_reached": everybody_reached(reach)}, np.full(candidates, -1.0), whole=candidates)


def p_median(metres: Floats, people: Indices, sites: int) -> Model:
    """Least metres in all from people to the nearest of some sites (p-median).

    Args:
        metres: places x candidates.
        people: of each place.
        sites: how many are opened.

    Returns:
        variables: opened sites, then place by place the site that serves it; worth: minus person-metres.
    """
    candidates = metres.shape[1]
    rows = {
        "sites_opened": sites_opened(metres, sites),
        "each_served": each_served(metres),
        "served_by_opened": served_by_opened(metres),
    }
    worth = np.concatenate([np.zeros(candidates), -(metres * people[:, None]).ravel()])
    return _model(rows, worth, whole=candidates)


def sites_opened(metres: Floats, sites: int) -> Rows:
    """Just as many sites are opened as asked for."""
    places, candidates = metres.shape
    row = np.concatenate([np.ones(candidates), np.zeros(places * candidates)])
    return csr_array(row[None, :]), np.array([float(sites)]), np.array([float(sites)])


def each_served(metres: Floats) -> Rows:
    """Each place is served once."""
    places, candidates = metres.shape
    by_place = kron(eye_array(places), np.ones((1, candidates)))
    return block_array([[coo_array((places, candidates)), by_place]]), np.ones(places), np.ones(places)


def served_by_opened(metres: Floats) -> Rows:
    """A place is served only by a site that is opened."""
    places, candidates = metres.shape
    opened = kron(np.ones((places, 1)), eye_array(candidates))
    block = block_array([[opened, -eye_array(places * candidates)]])
    return block, np.zeros(places * candidates), np.full(places * candidates, np.inf)


def p_center(metres: Floats, sites: int, fewest: Callable[[csr_array], NDArray[np.bool_]]) -> tuple[float, Indices]:
    """Least distance of the one who lives farthest from the nearest of some sites (p-center).

    The distance is one of those in the matrix; it is found by halving, asking each time for the fewest sites that reach
    everybody within it (Minieka 1970).

    Args:
        metres: places x candidates.
        sites: how many may be opened.
        fewest: solves ``set_cover``: which candidates to open.

    Returns:
        the distance (metres), and the sites.
    """
    lengths = np.unique(metres[metres >= metres.min(axis=1).max()])
    low, high, chosen = 0, len(lengths) - 1, np.empty(0, np.int64)
    while low <= high:
        middle = (low + high) // 2
        opened = np.flatnonzero(fewest(within(metres, lengths[middle])))
        if len(opened) <= sites:
            high, chosen = middle - 1, opened.astype(np.int64)
        else:
            low = middle + 1
    return float(lengths[low]), chosen


def _model(rows: dict[str, Rows], worth: Floats, whole: int) -> Model:
    blocks, low, high = zip(*rows.values(), strict=True)
    matrix = csr_array(block_array([[block] for block in blocks], format="csr"))
    sizes = tuple((name, int(part[0].shape[0])) for name, part in rows.items())
    variables = len(worth)
    floor, top = np.zeros(variables), np.ones(variables)
    return Model(
        matrix, np.concatenate(low), np.concatenate(high), floor, top, worth, np.arange(variables) < whole, sizes
    )
