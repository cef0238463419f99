"""`fordel capacity`: events recorded under a run's ceilings, shown in 80 columns, refused in sentences."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fordel.casework.ceilings import headroom_by_municipality
from fordel.cli import app
from fordel.runs.record import Run, write_run
from fordel.stores import read_snapshot, write_snapshot
from fordel.tables import Tables

WORDS = ("--by", "Åse Holm", "--ground", "Sag 12, punkt 3")


@pytest.fixture(scope="session")
def run_folder(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("capacity") / "run"
    write_run(small_run, folder)
    return folder


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["capacity", *map(str, words)], env={"COLUMNS": "80"})


def said(*words: str | Path) -> str:
    result = call(*words)
    assert result.exit_code == 0, result.output
    assert all(len(line) <= 80 for line in result.stdout.splitlines() if line.startswith(" ")), "a table is too wide"
    return result.stdout


def refused(*words: str | Path) -> str:
    result = call(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return " ".join(result.stderr.split())


@pytest.fixture
def register(tmp_path: Path, run_folder: Path) -> Path:
    """A register with one capacity, released and advertised."""
    path = tmp_path / "register.csv"
    said(
        "event",
        path,
        "--capacity",
        "K1",
        "--move",
        "release",
        "--to",
        "0360",
        "--on",
        "2026-02-02",
        *WORDS,
        "--run",
        run_folder,
    )
    said("event", path, "--capacity", "K1", "--move", "advertise", "--on", "2026-03-01", *WORDS, "--run", run_folder)
    return path


def test_events_are_recorded_and_shown(register: Path) -> None:
    text = said("show", register, "K1")
    assert "2026-03-01   advertise   advertised   0360" in text
    assert "Sag 12, punkt 3 (recorded by Åse Holm)" in text
    assert "1 capacities" not in said("state", register, "--on", "2026-02-15")
    counts = said("state", register, "--on", "2026-02-15").split()
    assert counts[-2:] == ["1", "1"]
    assert "released" in said("list", register, "--on", "2026-02-15")
    assert "advertised" in said(
        "list", register, "--on", "2026-03-01", "--municipality", "0360", "--state", "advertised"
    )


def test_as_known_before_anything_was_recorded(register: Path) -> None:
    assert "No such capacity" in said("list", register, "--on", "2026-03-01", "--known-on", "2020-01-01")


def test_a_mistake_is_annulled_by_the_name_that_show_gives(register: Path, run_folder: Path) -> None:
    with register.open(encoding="utf-8") as stream:
        wrong = list(csv.DictReader(stream))[-1]["event_id"]
    assert wrong in said("show", register, "K1")
    said("event", register, "--capacity", "K1", "--move", "annul", "--to", wrong, *WORDS, "--run", run_folder)
    assert f"annul of {wrong}" in " ".join(said("show", register, "K1").split())
    assert "released" in said("list", register, "--on", "2026-03-01")


def test_the_ceiling_of_the_run_binds(tmp_path: Path, run_folder: Path, small_run: Run) -> None:
    path = tmp_path / "register.csv"
    bound = headroom_by_municipality(small_run.areas).filter(municipality="0360")["binding_area"][0]
    ceiling = int(small_run.areas.filter("binding").filter(area_id=bound)["ceiling"][0])
    rows = ["event_id,capacity_id,move,valid_on,recorded_at,municipality,practice_id,annuls,recorded_by,ground"]
    rows += [f"e{n},K{n},release,2026-02-02,2026-02-02T09:00:00Z,0360,,,x," for n in range(ceiling)]
    events = tmp_path / "events.csv"
    events.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert f"Recorded {ceiling} events" in said("import", path, "--from", events, "--run", run_folder)
    one_more = ("event", path, "--capacity", "X", "--move", "release", "--to", "0360", "--on", "2026-02-03", *WORDS)
    text = refused(*one_more, "--run", run_folder)
    assert f"{bound} would have {ceiling + 1} capacities on 2026-02-03, but its ceiling is {ceiling}" in text
    assert "take one back first" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--move", "fill"), "K1 is advertised on 2026-04-01, so fill is not possible: it must be awarded or vacant"),
        (("--move", "sell"), "No move is called 'sell'; use one of release, advertise"),
        (("--move", "award"), "award needs a practice, by its provider number of six digits"),
        (("--move", "award", "--to", "36001"), "'36001' is not a practice"),
        (("--move", "fill", "--to", "0360"), "A capacity keeps its place when you fill it; leave out --to."),
        (("--move", "annul", "--to", "nothing"), "annuls nothing, which is not recorded"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_may_not_be_recorded(words: tuple[str, ...], says: str, register: Path, run_folder: Path) -> None:
    before = register.read_bytes()
    text = refused("event", register, "--capacity", "K1", "--on", "2026-04-01", *words, *WORDS, "--run", run_folder)
    assert says in text.replace("│ ", "").replace(" │", "")
    assert register.read_bytes() == before


def test_the_wrong_file(tmp_path: Path, run_folder: Path) -> None:
    assert "There is no register at" in refused("list", tmp_path / "none.csv")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "of which none is known" in refused("state", other)
    assert "No capacity in" in refused("show", _empty(tmp_path), "K1")
    assert "Nothing to look at" in said("attention", _empty(tmp_path), "--on", "2026-02-01")


def _empty(folder: Path) -> Path:
    path = folder / "empty.csv"
    heads = "event_id,capacity_id,move,valid_on,recorded_at,municipality,practice_id,annuls,recorded_by,ground\n"
    path.write_text(heads, encoding="utf-8")
    return path


def test_events_from_the_future_are_refused(tmp_path: Path, run_folder: Path) -> None:
    events = tmp_path / "events.csv"
    heads = _empty(tmp_path).read_text(encoding="utf-8")
    events.write_text(heads + "e1,K1,release,2026-02-02,2999-02-02T09:00:00Z,0360,,,x,\n", encoding="utf-8")
    text = refused("import", tmp_path / "register.csv", "--from", events, "--run", run_folder)
    assert "e1 that they are recorded after now" in text
    assert not (tmp_path / "register.csv").exists()


def test_owners_and_attention(tmp_path: Path, register: Path) -> None:
    owners = tmp_path / "owners.csv"
    rows = [f"L1,00000{n},2020-01-01," for n in range(5)] + ["L2,000009,2020-01-01,"]
    owners.write_text("\n".join(["doctor_id,practice_id,valid_from,valid_until", *rows]) + "\n", encoding="utf-8")
    spread = said("owners", owners, "--on", "2026-02-01")
    assert "nobody may acquire beyond 3" in spread
    assert [line.split() for line in spread.splitlines() if line[:2] in (" 1", " 5")] == [
        ["1", "1", "1", "yes"],
        ["5", "1", "5", "no"],
    ]
    text = said("attention", register, "--on", "2026-02-01", "--owners", owners)
    assert "Owner above the limit: 1" in text
    assert "Not looked at: shares and register disagree: needs doctors' shares" in text


def test_a_snapshot_takes_its_capacities_from_the_register(
    small_country: Tables, register: Path, run_folder: Path, tmp_path: Path
) -> None:
    write_snapshot(small_country, tmp_path / "from")
    for move, day in (("award", "2026-04-01"), ("fill", "2026-05-01")):
        to = ("--to", "036001") if move == "award" else ()
        said("event", register, "--capacity", "K1", "--move", move, *to, "--on", day, *WORDS, "--run", run_folder)
    text = said("snapshot", register, tmp_path / "from", tmp_path / "to", "--on", "2026-05-01")
    assert "capacities as on 2026-05-01" in " ".join(text.split())
    held = read_snapshot(tmp_path / "to").practices.filter(practice_id="036001")
    assert held.select("capacities_released", "capacities_filled").row(0) == (1.0, 1.0)
    text = said("snapshot", register, tmp_path / "from", tmp_path / "to", "--on", "2026-03-15")
    assert "1 more count against the ceilings but no practice holds them" in " ".join(text.split())


def test_moves_are_listed_and_drawn() -> None:
    assert "hjemtag" in said("moves")
    assert said("moves", "--diagram").startswith("stateDiagram-v2\n    [*] --> allowed\n")
