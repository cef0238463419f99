"""What a benchmark module gives: cases with our side, a peer's side, and whether the two agree."""

from __future__ import annotations

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
class Result:
    """Seconds of one case: medians, and how many times longer the peer took (``ratio``).

    The clock's seconds, and the processor's (``cpu_``), which a busy machine changes less.
    """

    name: str
    size: str
    seconds: float
    peer_name: str
    peer_seconds: float | None
    ratio: float | None
    agrees: bool | None
    repeat: int
    cpu_seconds: float
    peer_cpu_seconds: float | None

    def as_dict(self) -> dict[str, Any]:
        """Give the result as plain values."""
        return asdict(self)


def measure(case: Case) -> Result:
    """Run both sides turn by turn, so that a busy machine slows both."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    agrees: bool | None = None
    for _ in range(case.repeat):
        own = _timed(case.ours, ours)
        if case.peer:
            other = _timed(case.peer, theirs)
            agrees = case.same(own, other) if agrees is not False else False
    seconds, cpu = (statistics.median(side) for side in zip(*ours, strict=True))
    peer_seconds, peer_cpu = (statistics.median(side) for side in zip(*theirs, strict=True)) if theirs else (None, None)
    ratio = peer_seconds / seconds if peer_seconds is not None else None
    return Result(
        case.name, case.size, seconds, case.peer_name, peer_seconds, ratio, agrees, case.repeat, cpu, peer_cpu
    )


def _timed(side: Callable[[], Any], into: list[tuple[float, float]]) -> Any:
    started, cpu = time.perf_counter(), time.process_time()
    outcome = side()
    into.append((time.perf_counter() - started, time.process_time() - cpu))
    return outcome
