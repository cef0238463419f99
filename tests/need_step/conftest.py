"""The whole need step once, on ten thousand synthetic citizens: every command, all it wrote and all it said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.demo.citizens import write_citizens
from fordel.stores import write_snapshot
from need_country import need_country_tables

COMMANDS = (
    "need fit {citizens} --to {out}/model",
    "need weigh {citizens} {out}/model --to {out}/weights",
    "plan make --snapshot {snapshot} --weights {out}/weights --on 2026-02-01 --to {out}/run",
    "plan export {out}/run --to {out}/export",
)


@dataclass(frozen=True)
class NeedStep:
    """Where citizens lie, where outcomes went, and what the commands printed."""

    folder: Path
    citizens: Path
    said: str


@pytest.fixture(scope="session")
def need_step(tmp_path_factory: pytest.TempPathFactory) -> NeedStep:
    """Run the commands in the order of the tutorial."""
    folder = tmp_path_factory.mktemp("need-step")
    citizens, out = folder / "citizens.parquet", folder / "out"
    write_citizens(citizens, 10_000, seed=11)
    write_snapshot(need_country_tables(), folder / "snapshot")
    said = ""
    for command in COMMANDS:
        words = command.format(citizens=citizens, out=out, snapshot=folder / "snapshot").split()
        done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
        assert done.exit_code == 0, f"{command}\n{done.output}"
        said += done.output
    return NeedStep(out, citizens, said)
