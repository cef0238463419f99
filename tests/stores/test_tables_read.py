"""What a table may look like in a file: separators, encodings, decimal signs, Danish names and days."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fordel.stores import BadInput, read_table, write_snapshot
from fordel.stores.faults import FAULTS_SHOWN, Fault
from fordel.tables import SCHEMAS, AreaParts, Areas, NeedWeights, Practices, Tables

AREAS = (
    "område;niveau;gyldig fra;ophører;navn\n"
    "0101;kommune;01-04-1970;;København\n"
    "0400;Kommune;1.4.1970;31.12.2026;Rønne Ø\n"
)
PRACTICE = (
    "Ydernummer,Praksisnavn,Kommune,Øst,Nord,Landmasse,Udmøntede kapaciteter,Besatte-kapaciteter,"
    "Tilmeldte,Åben for tilgang"
)


def areas_from(path: Path) -> list[tuple[object, ...]]:
    return read_table(path, Areas).rows()


EXPECTED = [
    ("0101", "municipality", date(1970, 4, 1), None, "København"),
    ("0400", "municipality", date(1970, 4, 1), date(2026, 12, 31), "Rønne Ø"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separators_encodings_and_line_endings(tmp_path: Path, encoding: str, separator: str, ending: str) -> None:
    path = tmp_path / "areas.csv"
    path.write_bytes(AREAS.replace(";", separator).replace("\n", ending).encode(encoding))
    assert areas_from(path) == EXPECTED


def test_blanks_and_empty_rows_are_no_content(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    spaced = AREAS.replace(";", "  ;\u00a0").replace("\n", "\n;;;;\n\n")
    path.write_text(spaced, encoding="utf-8")
    assert areas_from(path) == EXPECTED


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (["2,5", "1.234,5", "12"], [2.5, 1234.5, 12.0]),
        (["0.125", "1.125", "1e-7"], [0.125, 1.125, 1e-7]),
        (["2,5", "1.234", "3"], [2.5, 1234.0, 3.0]),
        (["1,234.5", "1,234", ".5"], [1234.5, 1234.0, 0.5]),
        (["1.234.567", "1.234", "1"], [1234567.0, 1234.0, 1.0]),
    ],
)
def test_a_file_shows_its_decimal_sign(tmp_path: Path, written: list[str], means: list[float]) -> None:
    path = tmp_path / "need_weights.csv"
    ages = ("00-04", "05-09", "10-14")
    rows = [f"kvinde\t{age}\t{number}" for age, number in zip(ages, written, strict=True)]
    path.write_text("\n".join(["køn\talder\tkoefficient", *rows]), encoding="utf-8")
    assert read_table(path, NeedWeights)["coefficient"].to_list() == means


@pytest.mark.parametrize(("sign", "means"), [(",", 1125.0), (".", 1.125)])
def test_what_is_unclear_is_settled_by_saying_so(tmp_path: Path, sign: str, means: float) -> None:
    path = tmp_path / "need_weights.csv"
    path.write_text("sex;age_group;coefficient\nm;95+;1.125\n", encoding="utf-8")
    with pytest.raises(BadInput, match="may be thousands or decimals"):
        read_table(path, NeedWeights)
    assert read_table(path, NeedWeights, decimal_sign=sign)["coefficient"].to_list() == [means]


def test_danish_headings_and_answers(tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    rows = [
        '012345,"Lægerne, Nørre ""Torv""",0101,725000.5,6175000,fixed,2,1.5,"1,600",Ja',
        "012346,=1+1,0101,725000,6175000,fixed,2.0,2,1600.0,NEJ",
    ]
    path.write_text("\n".join([PRACTICE, *rows]), encoding="utf-8")
    read = read_table(path, Practices)
    assert read["name"].to_list() == ['Lægerne, Nørre "Torv"', "=1+1"]
    assert read["patients"].to_list() == [1600, 1600]
    assert read["open_to_new"].to_list() == [True, False]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    """A line break inside quotes and an empty row do not move the rows after them."""
    path = tmp_path / "areas.csv"
    path.write_text(
        'area_id,level,valid_from,valid_until,name\n0101,municipality,1970-04-01,,"A\nB"\n\nx,nation,no,,C\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as raised:
        read_table(path, Areas)
    assert [(fault.row, fault.column) for fault in raised.value.faults] == [(4, "valid_from")]


def test_one_gathered_fault_names_the_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "need_weights.csv"
    rows = [f"male,{age:02d}-{age + 4:02d},-1" for age in range(0, 95, 5)]
    path.write_text("\n".join(["sex,age_group,coefficient", *rows]), encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read_table(path, NeedWeights)
    (fault,) = raised.value.faults
    assert (fault.row, fault.also, fault.more) == (2, (3, 4, 5, 6), 18)


def test_a_message_is_capped(tmp_path: Path) -> None:
    faults = [Fault("breaks_unnamed_rule", f"x{n}.csv", {"rule": "none"}) for n in range(FAULTS_SHOWN + 3)]
    text = str(BadInput("x", faults))
    assert text.startswith("43 faults in x")
    assert text.endswith("And 3 more kinds of fault, not shown: mend these first.")


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_an_unknown_suffix_and_a_folder_are_refused(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "areas.docx").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match=r"found the suffix \.docx"):
        read_table(tmp_path / "areas.docx", Areas)
    (tmp_path / f"areas{suffix}").mkdir()
    with pytest.raises(BadInput, match="found a folder"):
        read_table(tmp_path / f"areas{suffix}", Areas)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_damage_is_told_and_never_a_crash(small_country: Tables, tmp_path: Path, form: str) -> None:
    """A byte changed, lost or added anywhere gives the table or faults, nothing else."""
    write_snapshot(small_country, tmp_path / "s", form)
    whole = (tmp_path / "s" / f"need_weights.{form}").read_bytes()
    path, chance, refused = tmp_path / f"need_weights.{form}", random.Random(7), 0
    for _ in range(60):
        damaged = bytearray(whole)
        at = chance.randrange(len(damaged))
        damaged[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        path.write_bytes(damaged)
        try:
            read_table(path, NeedWeights)
        except BadInput:
            refused += 1
    assert refused


@pytest.mark.parametrize("dtype", [pl.Int16, pl.UInt32, pl.Int64])
def test_parquet_may_store_counts_narrower(tmp_path: Path, small_country: Tables, dtype: type[pl.DataType]) -> None:
    path = tmp_path / "population.parquet"
    plain = small_country.population.with_columns(pl.col("people").cast(dtype), pl.col("sex").cast(pl.Categorical))
    plain.write_parquet(path)
    assert read_table(path, SCHEMAS["population"]).equals(small_country.population)


def test_parquet_with_an_empty_day_column(tmp_path: Path, small_country: Tables) -> None:
    lasting = small_country.area_parts.with_columns(valid_until=pl.lit(None))
    lasting.write_parquet(tmp_path / "area_parts.parquet")
    assert read_table(tmp_path / "area_parts.parquet", AreaParts)["valid_until"].null_count() == lasting.height


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_file_that_may_not_be_read(small_country: Tables) -> None:
    """Run as nobody when the test runs as root, whom no mode stops."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "areas.csv"
        path.write_text(AREAS, encoding="utf-8")
        Path(name).chmod(0o755)
        path.chmod(0o000)
        me = os.geteuid()
        os.seteuid(65534) if me == 0 else None
        try:
            with pytest.raises(BadInput, match=r"areas\.csv: found a file that cannot be opened \(Permission denied\)"):
                read_table(path, Areas)
        finally:
            os.seteuid(me)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts memory as Linux does")
@pytest.mark.parametrize("kind", ["sparse", "many_columns", "far_cell", "zip_bomb"])
def test_absurd_files_are_refused_in_little_memory(small_country: Tables, tmp_path: Path, kind: str) -> None:
    """Each would take gigabytes if it were read in."""
    from stores import broken

    folder = tmp_path / "lilleland"
    write_snapshot(small_country, folder, "csv")
    getattr(broken, kind)(folder)
    (table,) = folder.glob("practices.*")
    program = (
        "import resource, sys; from pathlib import Path; from fordel.stores import BadInput, read_table\n"
        "from fordel.tables import Practices\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: read_table(Path(sys.argv[1]), Practices)\n"
        "except BadInput: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, table], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 350_000, "kilobytes"
