"""What a benchmark module gives: cases with our side, a peer's side, and whether the two agree."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One thing measured, both sides in the same run, turn by turn.

    Attributes:
        name: what is done.
        size: on how much.
        ours: does it our way.
        peer: does it another way; None where nobody else does it.
        peer_name: who the peer is, with the version where it is a package.
        same: whether both gave the same; asked each time, and once wrong is wrong.
        repeat: how often each side runs. The median is reported.
    """

    name: str
    size: str
    ours: Callable[[], Any]
    peer: Callable[[], Any] | None = None
    peer_name: str = ""
    same: Callable[[Any, Any], bool] = lambda a, b: bool(a == b)
    repeat: int = 5


@dataclass(frozen=True)
class Measured:
    """What a side says of itself when it ran in a process of its own: seconds without starting up, and peak memory."""

    outcome: Any
    seconds: float
    cpu_seconds: float
    megabytes: float


@dataclass(frozen=True)
class Result:
    """Seconds of one case: medians, and how many times longer the peer took (``ratio``).

    The clock's seconds, and the processor's (``cpu_``), which a busy machine changes less; peak megabytes only of sides
    that ran in a process of their own.
    """

    name: str
    size: str
    seconds: float
    peer_name: str
    peer_seconds: float | None
    ratio: float | None
    agrees: bool | None
    repeat: int
    cpu_seconds: float | None = None
    peer_cpu_seconds: float | None = None
    megabytes: float | None = None
    peer_megabytes: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the result as plain values."""
        return asdict(self)


def measure(case: Case) -> Result:
    """Run both sides turn by turn, so that a busy machine slows both."""
    ours: list[Measured] = []
    theirs: list[Measured] = []
    agrees: bool | None = None
    for _ in range(case.repeat):
        ours.append(_measured(case.ours))
        if case.peer:
            theirs.append(_measured(case.peer))
            agrees = case.same(ours[-1].outcome, theirs[-1].outcome) if agrees is not False else False
    seconds, peer_seconds = _median(ours, "seconds"), _median(theirs, "seconds")
    assert seconds is not None  # noqa: S101  every case runs at least once
    return Result(
        name=case.name,
        size=case.size,
        seconds=seconds,
        peer_name=case.peer_name,
        peer_seconds=peer_seconds,
        ratio=peer_seconds / seconds if peer_seconds is not None else None,
        agrees=agrees,
        repeat=case.repeat,
        cpu_seconds=_median(ours, "cpu_seconds"),
        peer_cpu_seconds=_median(theirs, "cpu_seconds"),
        megabytes=_median(ours, "megabytes"),
        peer_megabytes=_median(theirs, "megabytes"),
    )


def _measured(side: Callable[[], Any]) -> Measured:
    started, cpu = time.perf_counter(), time.process_time()
    outcome = side()
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    return outcome if isinstance(outcome, Measured) else Measured(outcome, seconds, cpu_seconds, math.nan)


def _median(runs: list[Measured], name: str) -> float | None:
    values = [getattr(run, name) for run in runs]
    return statistics.median(values) if values and not math.isnan(values[0]) else None
