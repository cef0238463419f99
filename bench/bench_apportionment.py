"""Apportionment: exact fractions against the package `apportionment`, which takes at most 52 areas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version

import numpy as np
from _case import Case
from apportionment import methods

from fordel.allocation import apportion

TITLE = "Apportionment"
ABOUT = (
    "Sharing out capacities over areas in proportion to weighted citizens (synthetic, seeded, whole numbers). The "
    "package `apportionment` takes at most 52 areas; it is asked to count in fractions, as Fordel always does."
)
PACKAGES = ("apportionment", "numpy")
PEER = f"apportionment {version('apportionment')}"
NAMES = {"webster": "saintelague", "jefferson": "dhondt", "hamilton": "hamilton", "huntington_hill": "huntington"}


def cases() -> Iterator[Case]:
    """Fifty areas by four methods, then the 98 municipalities' worth that only we do."""
    rng = np.random.default_rng(98)
    fifty = [int(n) for n in rng.lognormal(10.5, 0.7, 50)]
    for method, theirs in NAMES.items():
        peer = partial(methods.compute, theirs, fifty, 1_700, fractions=True)
        yield Case(f"`{method}`", "50 areas, 1,700 capacities", partial(apportion, fifty, 1_700, method), peer, PEER)
    country = [float(n) for n in rng.lognormal(10.5, 0.7, 98)]
    for method in ("webster", "quota"):
        yield Case(f"`{method}`, any weights", "98 areas, 3,648 capacities", partial(apportion, country, 3_648, method))
