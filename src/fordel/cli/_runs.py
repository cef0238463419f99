"""Find the run a command means when none is named."""

from __future__ import annotations

from pathlib import Path

from fordel.runs.record import BadRun

OUT = Path("out")


def named_or_newest(run: Path | None) -> Path:
    """Give the run that is named, else the one last written below `out`, where `make run` and the how-tos put them.

    Raises:
        BadRun: none is named and none lies there.
    """
    if run is not None:
        return run
    manifests = (*OUT.glob("*/manifest.json"), *OUT.glob("runs/*/manifest.json"))
    if not manifests:
        raise BadRun(
            f"No run is named, and none lies in {OUT.absolute()}.\n"
            "  Try: --run FOLDER, or first: fordel plan make --demo --to out/run"
        )
    return max(manifests, key=lambda manifest: manifest.stat().st_mtime_ns).parent
