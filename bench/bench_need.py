"""The need model: fits on cells against four programs that fit rows, on synthetic citizens."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from _case import Case, Measured

from fordel.demo.citizens import draw_citizens, write_citizens

TITLE = "The need model: from citizens to coefficients and weights"
ABOUT = (
    "Synthetic citizens (seeded) in Parquet: 15 characteristics, 45 coefficients, exposure in days. Fordel's time is "
    "from the file to coefficients with practice-clustered errors; the peers' from the file to coefficients. Each side "
    "runs in a process of its own; importing and loading compiled code is not timed, and MB are the run's peak above "
    "what the process held before (Fordel with its libraries loaded: 0.33 GB). Answers are the same when no "
    "coefficient differs by more than 1e-10, from glum and from the negative binomial by more than 1e-8 (what they "
    "settle to), alpha by more than 1e-6, sums by more than 1e-9 of themselves."
)
PACKAGES = ("duckdb", "glum", "ibis-framework", "numba", "numpy", "pandas", "polars", "scikit-learn", "statsmodels")
SIDE = Path(__file__).with_name("_need_side.py")
GROWTH = (1_000_000, 3_000_000, 10_000_000, 30_000_000)
CITIZENS = sorted({60_000, 100_000, 6_000_000, *GROWTH})


def apart(side: str, path: Path) -> Measured:
    """Run a side in a process of its own."""
    told = subprocess.run([sys.executable, SIDE, side, path], capture_output=True, text=True, check=True)
    return Measured(**json.loads(told.stdout.splitlines()[-1]))


def same_coefficients(ours: dict[str, float], theirs: dict[str, float], *, within: float) -> bool:
    """Whether the same terms have the same coefficients; alpha within a millionth."""
    loose = {"alpha": 1e-6}
    return ours.keys() == theirs.keys() and all(abs(ours[t] - theirs[t]) <= loose.get(t, within) for t in ours)


def same_sums(ours: list[float], theirs: list[float]) -> bool:
    """Whether sums are the same to nine digits."""
    return bool(np.allclose(ours, theirs, rtol=1e-9, atol=0))


def cases() -> Iterator[Case]:
    """Give the cases."""
    files = citizens_files()
    six, one, small = files[6_000_000], files[1_000_000], files[100_000]
    equal, near = (partial(same_coefficients, within=within) for within in (1e-10, 1e-8))
    fit = partial(_case, "fit, practice-clustered errors", "6,000,000 citizens", six, "fordel")
    yield fit(peer="glum", name=f"glum {version('glum')}, rows", same=near)
    yield fit(peer="sklearn", name=f"scikit-learn {version('scikit-learn')} newton-cholesky, rows", same=equal)
    dense = f"statsmodels {version('statsmodels')}, rows"
    yield _case("fit", "1,000,000 citizens", one, "fordel", peer="statsmodels", name=dense, same=equal)
    nb2 = partial(_case, "negative binomial", "100,000 citizens", small, "fordel_nb2", same=near)
    yield nb2(peer="statsmodels_nb2", name=dense)
    weigh = partial(_case, "weigh, sum to practices and municipalities", "6,000,000 citizens", six, "fordel_weigh")
    yield weigh(peer="pandas_weigh", name=f"pandas {version('pandas')}, a map per column", same=same_sums, repeat=3)
    count = partial(_case, size="6,000,000 citizens", path=six, peer="scan", name="a plain scan of the same columns")
    yield count("count cells, by SQL", ours="cells", repeat=5)
    yield count("count cells, compiled", ours="cells_compiled", repeat=5)
    draws = "1,000 draws to every ceiling and minimum"
    yield Case(draws, "6,000,000 citizens", partial(apart, "fordel_draws", six), repeat=3)
    for people in GROWTH:
        yield Case("fit, growth", f"{people:,} citizens", partial(apart, "fordel", files[people]), repeat=3)


def citizens_files() -> dict[int, Path]:
    """Make the files of citizens beside the tree, or find those that an earlier run made by the same recipe."""
    drawn = next(draw_citizens(10_000, seed=1)).write_ipc(None, compression="uncompressed")
    recipe = hashlib.sha256(drawn.getvalue()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"fordel-bench-citizens-{recipe}"
    folder.mkdir(exist_ok=True)
    files = {people: folder / f"citizens_{people}.parquet" for people in CITIZENS}
    for people, path in files.items():
        if not path.exists():
            print(f"  Making {people:,} synthetic citizens in {folder}", flush=True)
            write_citizens(path.with_suffix(".part"), people, seed=1).rename(path)
    return files


def _case(
    what: str,
    size: str,
    path: Path,
    ours: str,
    *,
    peer: str,
    name: str,
    same: Any = lambda a, b: a == b,
    repeat: int = 1,
) -> Case:
    return Case(what, size, partial(apart, ours, path), partial(apart, peer, path), name, same, repeat)
