"""Work shared out over the cores at hand, in threads: for compiled loops, which need no interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from fordel.coverage.matrix import Indices

Share = TypeVar("Share")


def by_shares(work: Callable[[Indices], Share], items: Indices, *, least: int = 1) -> list[Share]:
    """Do the work on consecutive shares of the items, one share per core; none smaller than ``least`` but a single one.

    Returns:
        what each share gave, in the order of the shares.
    """
    shares = np.array_split(items, max(1, min(_cores(), len(items) // least)))
    if len(shares) == 1:
        return [work(shares[0])]
    with ThreadPoolExecutor(len(shares)) as pool:
        return list(pool.map(work, shares))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
