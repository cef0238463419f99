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
    "need fit {citizens} --model {model} --to {out}/model",
    "need weigh {citizens} {out}/model --to {out}/weights --draws 60",
    "need fit {other} --model {model} --to {out}/model-2023",
    "need weigh {citizens} {out}/model-2023 --to {out}/weights-2023",
    "need compare {out}/model {out}/model-2023 --weights {out}/weights --other-weights {out}/weights-2023 "
    "--snapshot {snapshot} --on 2026-02-01 --to {out}/comparison",
    "need check {citizens} {out}/model --to {out}/check --held-out {other} --snapshot {snapshot} --on 2026-02-01",
    "need publish {out}/model --check {out}/check --to {out}/card",
    "need intervals --weights {out}/weights --check {out}/check --snapshot {snapshot} --on 2026-02-01 --to {out}/sure",
    "plan make --snapshot {snapshot} --weights {out}/weights --on 2026-02-01 --to {out}/run",
    "plan export {out}/run --to {out}/export",
)

MODEL = """
name = "small"
title = "Contacts by age, sex and three more"
dansk = "Kontakter efter alder, køn og tre mere"
outcome = "contacts"
unit = "contacts / year"
unit_dansk = "kontakter / år"
exposure = "exposure_days"
full_exposure = 365
practice = "practice_id"
source = "a test"
covariates.age = { dansk = "alder", column = "age", breaks = [15, 40, 65, 80], reference = "40-64", source = "a test" }
covariates.reach = { dansk = "rækkevidde", column = "reach", breaks = [5, 7], supply = true, source = "a test" }

[covariates.sex]
dansk = "køn"
column = "sex"
source = "a test"
levels = [{ code = 1, name = "male", dansk = "mand" }, { code = 2, name = "female", dansk = "kvinde" }]

[covariates.copd]
dansk = "KOL"
column = "copd"
source = "a test"
levels = [{ code = 0, name = "no", dansk = "nej" }, { code = 1, name = "yes", dansk = "ja" }]
"""


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
    paths = {"citizens": citizens, "out": out, "model": folder / "model.toml", "other": folder / "other.parquet"}
    paths["snapshot"] = folder / "snapshot"
    write_citizens(citizens, 10_000, seed=11)
    write_citizens(paths["other"], 10_000, seed=12, year=2023)
    paths["model"].write_text(MODEL, encoding="utf-8")
    write_snapshot(need_country_tables(), paths["snapshot"])
    said = ""
    for command in COMMANDS:
        words = command.format(**paths).split()
        done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
        assert done.exit_code == 0, f"{command}\n{done.output}"
        said += done.output
    return NeedStep(out, citizens, said)
