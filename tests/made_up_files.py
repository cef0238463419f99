"""Files made up by a number: what a table of the hand-made country becomes when people, programs and enemies handle it.

The same number gives the same file, so that one that does harm can be looked at again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import polars as pl

from fordel.stores._formats import as_text
from fordel.stores.table import SUFFIXES
from made_up_workbooks import Cell, encodable, ods, xls, xlsx
from small_country import small_country_tables

COUNTRY = small_country_tables()
KINDS = (
    *("practices", "capacities", "registrations", "areas", "area_parts", "published_ceilings"),
    *("decisions", "stated_maxima"),
)
Rows = list[list[Cell]]
DANISH = {
    "practice_id": "Ydernummer",
    "name": "Navn",
    "municipality": "Kommunekode",
    "open_to_new": "Åben for tilgang",
    "patients": "Tilmeldte",
    "stated_maximum": "Oplyst maksimum",
    "area_id": "Område",
    "level": "Niveau",
}
NASTY: tuple[Cell, ...] = (
    *(
        "",
        " ",
        "\t",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
        "\U0001f469\u200d\u2695",
        "\ud83d",
        "a" * 40_000,
        "\n",
        "\r\n",
    ),
    *("0", "-0", "-1", "1e999", "-1e308", "9" * 400, "0." + "0" * 400 + "1", "1.234", "1,234", "1.234,5", "1,234.5"),
    *(
        "1_000",
        "0x10",
        "１２",
        "½",
        "∞",
        "NaN",
        "inf",
        "-Infinity",
        "1 234",
        "1\u00a0234",
        "+5",
        "--5",
        "1e5",
        ".5",
        "5.",
    ),
    *("2026-02-30", "31-12-2026", "31.12.2026", "12/31/2026", "0000-00-00", "9999-12-31", "99999-01-01", "2026-1-1"),
    *("2026-01-01T00:00:00Z", "true", "FALSK", "ja", "måske", "nej ", "kommune", "0101", "101", "999999", "0999"),
    *('=HYPERLINK("http://example.org";"x")', "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "<script>alert(1)</script>"),
    *(
        "'; DROP TABLE imports; --",
        "{cell}",
        "{0}",
        "%s%n",
        "$(id)",
        "../../../etc/passwd",
        "010101-1234",
        '"',
        '""',
        ";",
    ),
    *(0, 1, -1, 3.5, 1e308, -1e-308, 2**63, -(2**63) - 1, 2**70, 10101, 45_000, True, False),
)

MOST_CELLS = 500_000  # repeated again and again, a table would take minutes to write, and say no more


@dataclass(frozen=True)
class MadeUp:
    """A file: the number it was made of, what it is said to hold, its suffix and its bytes."""

    number: int
    kind: str
    suffix: str
    content: bytes


def made_up(number: int) -> MadeUp:
    """Make a file of a number."""
    r = Random(number)
    kind = r.choice(KINDS)
    rows = _rows(kind)
    for _ in range(r.choice((0, 0, 1, 1, 2, 5))):
        changed = r.choice(CHANGES)(rows, r)
        rows = changed if sum(map(len, changed)) <= MOST_CELLS else rows
    form = r.choice(("csv",) * 7 + ("xlsx",) * 7 + ("ods",) * 2 + ("parquet",) * 2 + ("xls",))
    content = WRITERS[form](rows, r)
    for _ in range(r.choice((0, 0, 0, 0, 1, 1, 3))):
        content = r.choice(HARMS)(content, r)
    suffix = f".{form}" if r.random() < 0.94 else r.choice(SUFFIXES)  # else a renamed file
    return MadeUp(number, kind, suffix, content)


def _rows(kind: str) -> Rows:
    """Give a table that would be taken in, headings first."""
    practices = COUNTRY.practices
    if kind == "capacities":
        frame = practices.select("practice_id", "capacities_released", "capacities_filled", "open_to_new")
    elif kind == "stated_maxima":
        frame = practices.select("practice_id", stated_maximum=pl.col("patients") + 100)
    elif kind == "published_ceilings":
        ceiling: list[Cell] = ["region-sjaelland", "region", 2026, 8, "Bilag"]
        return [["area_id", "level", "year", "ceiling", "source"], [*ceiling]]
    elif kind == "decisions":
        who: list[Cell] = ["2026-1", "minimum_deviation", "", "010101", 1500.0, "special_function", "Referat"]
        heads = ["decision_id", "kind", "area_id", "practice_id", "value", "ground", "evidence"]
        days = ["decided_on", "valid_from", "valid_until", "decided_by"]
        return [[*heads, *days], [*who, "2025-12-01", "2026-01-01", "", "region-hovedstaden"]]
    else:
        frame = COUNTRY.frames()[kind].head(60)
    return [list(frame.columns), *(["" if c is None else c for c in row] for row in _plain(frame).rows())]


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    return as_text(frame).with_columns(pl.col(pl.Date, pl.Enum).cast(pl.String))


def _nasty_cells(rows: Rows, r: Random) -> Rows:
    for _ in range(r.choice((1, 1, 3, 20))):
        row = r.choice(rows)
        if row:
            row[r.randrange(len(row))] = r.choice(NASTY)
    return rows


def _nasty_column(rows: Rows, r: Random) -> Rows:
    at, value = r.randrange(max(1, *map(len, rows))), r.choice(NASTY)  # there may be nothing in any row
    return [rows[0], *([*row[:at], value, *row[at + 1 :]] for row in rows[1:])]


def _other_headings(rows: Rows, r: Random) -> Rows:
    how: tuple[Callable[[str], Cell], ...] = (
        lambda h: DANISH.get(h, h),
        str.upper,
        lambda h: h.replace("_", " "),
        lambda h: f" {h} ",
        lambda h: h[:-1],
        lambda h: f"\ufeff{h}",
        lambda h: r.choice(NASTY),
    )
    change = r.choice(how)
    return [[change(str(heading)) for heading in rows[0]], *rows[1:]]


def _other_columns(rows: Rows, r: Random) -> Rows:
    width = len(rows[0])
    if not width:
        return rows
    order = list(range(width))
    act = r.randrange(4)
    if act == 0:
        r.shuffle(order)
    elif act == 1:
        order.append(r.randrange(width))  # twice
    elif act == 2:
        order.pop(r.randrange(width))
    else:
        order *= r.choice((2, 8, 60))
    return [[row[at] if at < len(row) else "" for at in order] for row in rows]


def _other_rows(rows: Rows, r: Random) -> Rows:
    act = r.randrange(7)
    if act == 0:
        return rows[:1]
    if act == 1:
        return [["Kapaciteter i regionen"], [], *rows]
    if act == 2:
        return [*rows, *rows[1:]]
    if act == 3:
        return [*rows[:1], *(rows[1:] * r.choice((5, 40)))]
    if act == 4:
        return [row[: r.randrange(len(row) + 1)] if r.random() < 0.2 else row for row in rows]
    if act == 5:
        return [[*row, *(["x"] * r.randrange(3))] for row in rows]
    return [line for row in rows for line in ([row, []] if r.random() < 0.2 else [row])]


CHANGES: tuple[Callable[[Rows, Random], Rows], ...] = (
    *(_nasty_cells, _nasty_cells, _nasty_column, _other_headings),
    *(_other_columns, _other_rows),
)


def _csv(rows: Rows, r: Random) -> bytes:
    comma = r.random() < 0.3
    written = io.StringIO()
    writer = csv.writer(
        written,
        delimiter=r.choice(";;;,,\t|"),
        quoting=r.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
        lineterminator=r.choice(("\r\n", "\n", "\n", "\r")),
    )
    writer.writerows([_decimal(cell) if comma else cell for cell in row] for row in rows)
    encoding = r.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "utf-32", "cp437"))
    return written.getvalue().encode(encoding, "replace")


def _decimal(cell: Cell) -> Cell:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def _parquet(rows: Rows, r: Random) -> bytes:
    width = len(rows[0])
    names = [encodable(heading) + "x" * (rows[0].index(heading) != at) for at, heading in enumerate(rows[0])]
    columns = {name: [row[at] if at < len(row) else None for row in rows[1:]] for at, name in enumerate(names[:width])}
    made = io.BytesIO()
    frame = pl.DataFrame({name: _series(cells, r) for name, cells in columns.items()})
    frame.write_parquet(made, compression=r.choice(("zstd", "snappy", "uncompressed")))
    return made.getvalue()


def _series(cells: list[Cell | None], r: Random) -> pl.Series:
    if r.random() < 0.1:
        return pl.Series([[encodable(cell)] for cell in cells], dtype=pl.List(pl.String))
    kinds = {type(cell) for cell in cells if cell not in (None, "")}
    if (len(kinds) == 1 and kinds <= {float, bool}) or kinds == {int}:
        return pl.Series([None if cell == "" else cell for cell in cells], strict=False)
    texts = [None if cell in (None, "") else encodable(cell) for cell in cells]
    series = pl.Series(texts, dtype=pl.String)
    days = series.str.to_date("%Y-%m-%d", strict=False)
    return days if days.null_count() == series.null_count() and days.count() else series


def _bytes_flipped(content: bytes, r: Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(r.choice((1, 1, 4, 64)) if flipped else 0):
        flipped[r.randrange(len(flipped))] = r.choice((0, 255, 10, 34, 39, 59, r.randrange(256)))
    return bytes(flipped)


def _cut(content: bytes, r: Random) -> bytes:
    return content[: r.randrange(len(content) + 1)]


def _repeated(content: bytes, r: Random) -> bytes:
    start = r.randrange(len(content) + 1)
    return content[:start] + content[start : start + r.randrange(1, 200)] * r.choice((2, 50)) + content[start:]


def _wrapped(content: bytes, r: Random) -> bytes:
    return r.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"PK\x03\x04", b"PAR1", b"\n\n", b'"')) + content


HARMS: tuple[Callable[[bytes, Random], bytes], ...] = (_bytes_flipped, _bytes_flipped, _cut, _repeated, _wrapped)
WRITERS: dict[str, Callable[[Rows, Random], bytes]] = {
    "csv": _csv,
    "xlsx": xlsx,
    "ods": ods,
    "xls": xls,
    "parquet": _parquet,
}
