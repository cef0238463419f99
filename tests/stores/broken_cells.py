"""Kinds of broken input that lie in the text of a table: headers, cells, rows, encodings."""

from __future__ import annotations

from stores.broken import (
    Broken,
    both,
    cell,
    content,
    encoded,
    fewer_columns,
    header,
    hundred_thousand_bad,
    line,
    manifest,
    many_columns,
    more_columns,
    sparse,
    twice,
    whole_column,
    without,
)

P = "practices.csv"
KINDS_IN_CELLS = [
    Broken(
        "wrong column",
        header("practices", "open_to_new", "opentonew"),
        (f"{P}, row 1, column open_to_new", "no such column", 'call the column "opentonew" open_to_new'),
        2,
    ),
    Broken("missing column", fewer_columns("practices"), (f"{P}, row 1, column open_to_new", "add the column")),
    Broken(
        "extra column",
        more_columns("practices", "telefon", "1"),
        (f"{P}, row 1, column telefon", "does not have", "delete the column"),
    ),
    Broken(
        "the same column twice",
        more_columns("practices", "praksisnavn", "x"),
        (f"{P}, row 1, column praksisnavn", "2 columns for name (name, praksisnavn)", "delete all but one"),
    ),
    Broken(
        "no header",
        line("practices", 1, "a,b,c,d,e,f,g,h,i,j"),
        (f"{P}, row 1", "10 headings of which none is known", "put the header in the first row"),
    ),
    Broken(
        "missing municipality",
        without("population", "0741,"),
        ("population.csv", "no row for municipality 0741", "add the rows"),
        2,
    ),
    Broken(
        "unknown municipality",
        cell("practices", 3, "municipality", "0999"),
        (f"{P}, row 3, column municipality", '"0999"', "areas has on 2026-01-01", "correct the code"),
    ),
    Broken(
        "code 101 for 0101",
        whole_column("practices", "municipality", lambda code: code.lstrip("0")),
        (f"{P}, row 2, column municipality", '"101"', "four digits", "leading zero", "And 10 more"),
        11,
    ),
    Broken(
        "provider number without zeros",
        cell("practices", 2, "practice_id", "10101"),
        (f"{P}, row 2, column practice_id", '"10101"', "six digits", "leading zeros"),
    ),
    Broken(
        "decimals and thousands look alike",
        both(whole_column("need_weights", "coefficient", lambda _: "1.125"), manifest(decimal_sign=None)),
        ("need_weights.csv, row 2, column coefficient", '"1.125"', "may be thousands or decimals", "decimal_sign"),
        40,
    ),
    Broken(
        "two decimal signs in one file",
        line("practices", 3, '010102,Øst,0101,"725000,5",6175000.0,fixed,2,2,0,ja'),
        (f"{P}, row 3, column easting", '"725000,5"', "decimal point", "one decimal sign"),
        None,
    ),
    Broken(
        "decimal comma where a point was promised",
        both(cell("practices", 2, "capacities_released", '"2,5"'), manifest(decimal_sign=".")),
        (f"{P}, row 2", "a number with decimal point"),
        None,
    ),
    Broken(
        "duplicate practice",
        twice("practices", 2),
        (f"{P}, row 13, column practice_id", '"010101"', "one row only", "delete the row"),
    ),
    Broken(
        "negative list",
        cell("practices", 4, "patients", "-5"),
        (f"{P}, row 4, column patients", "found -5", "0 or more", "correct the value"),
    ),
    Broken(
        "unknown encoding",
        encoded("areas", "cp850"),
        ("areas.csv, row", "a byte (0x", "UTF-8", "save it anew as UTF-8"),
    ),
    Broken(
        "UTF-16 without a byte order mark", encoded("areas", "utf-16-le"), ("areas.csv", "a byte (0x00)", "save it")
    ),
    Broken("empty file", content(P, b""), (P, "an empty file", "a header and rows", "export the table again")),
    Broken("blank lines only", content(P, b"\r\n  \r\n"), (P, "an empty file")),
    Broken(
        "header only",
        content(
            P,
            b"practice_id,name,municipality,easting,northing,landmass,capacities_released,"
            b"capacities_filled,patients,open_to_new\n",
        ),
        (f"{P}, row 2", "a header and no rows", "at least one row", "fill in the table"),
    ),
    Broken("empty line above the header", line("practices", 1, "\n" + "practice_id"), (f"{P}, row 1", "an empty row")),
    Broken("one gigabyte", sparse, (P, "1,024 MiB", "at most 256 MiB", "right file")),
    Broken("a million columns", many_columns, (f"{P}, row 1", "1,000,000 columns", "at most 200", "not swapped")),
    Broken(
        "a hundred thousand bad rows",
        hundred_thousand_bad,
        ("registrations.csv, row 2, column municipality", '"101"', "And 99,999 more like it: rows 3, 4, 5, 6, ..."),
        100_000,
    ),
    Broken(
        "number with a unit",
        cell("practices", 2, "patients", "4800 patienter"),
        (f"{P}, row 2, column patients", '"4800 patienter"', "a whole number", "take away words"),
    ),
    Broken(
        "part of a patient",
        cell("practices", 2, "patients", "4800.5"),
        (f"{P}, row 2, column patients", '"4800.5"', "a whole number"),
    ),
    Broken(
        "more than a number can hold",
        cell("practices", 2, "patients", "9" * 30),
        (f"{P}, row 2, column patients", "a whole number"),
    ),
    Broken("NaN", cell("practices", 2, "easting", "NaN"), (f"{P}, row 2, column easting", '"NaN"', "a number")),
    Broken("infinity", cell("practices", 2, "easting", "inf"), (f"{P}, row 2, column easting", '"inf"', "a number")),
    Broken(
        "degrees for metres",
        cell("practices", 2, "easting", "12.55"),
        (f"{P}, row 2, column easting", "found 12.55", "400,000 or more"),
    ),
    Broken(
        "filled beyond released",
        cell("practices", 2, "capacities_filled", "9"),
        (f"{P}, row 2, column capacities_filled", "found 9", "no more than the capacities released", "correct"),
    ),
    Broken(
        "empty key",
        cell("practices", 2, "practice_id", ""),
        (f"{P}, row 2, column practice_id", "an empty cell", "six digits", "fill in the cell"),
        1,
    ),
    Broken(
        "no land",
        cell("practices", 2, "landmass", ""),
        (f"{P}, row 2, column landmass", "an empty cell", "fill in the cell"),
    ),
    Broken(
        "empty number",
        cell("practices", 2, "patients", ""),
        (f"{P}, row 2, column patients", "an empty cell", "a whole number", "fill in the cell"),
    ),
    Broken(
        "a day that does not exist",
        cell("areas", 2, "valid_from", "2026-02-30"),
        ("areas.csv, row 2, column valid_from", '"2026-02-30"', "a day that exists", "year, month and day"),
    ),
    Broken(
        "an American day",
        cell("areas", 2, "valid_from", "12/31/2026"),
        ("areas.csv, row 2, column valid_from", "2026-12-31 or 31-12-2026"),
    ),
    Broken(
        "ends before it begins",
        cell("areas", 2, "valid_until", "1969-12-31"),
        ("areas.csv, row 2, column valid_until", "found 1969-12-31", "a day after valid_from"),
    ),
    Broken(
        "neither yes nor no",
        cell("practices", 2, "open_to_new", "måske"),
        (f"{P}, row 2, column open_to_new", '"måske"', "true or false (ja or nej)"),
    ),
    Broken(
        "a sex that is not registered",
        cell("need_weights", 2, "sex", "x"),
        ("need_weights.csv, row 2, column sex", '"x"', "one of female, male"),
    ),
    Broken(
        "an age group that Excel made a day",
        cell("need_weights", 3, "age_group", "05-sep"),
        ("need_weights.csv, row 3, column age_group", '"05-sep"', "one of 00-04, 05-09, ... 95+"),
    ),
    Broken(
        "an age group missing",
        without("need_weights", "male,95+"),
        ("need_weights.csv", "no row for female 95+, male 95+", "every sex and age group"),
    ),
    Broken(
        "blank inside a code",
        cell("practices", 2, "municipality", "01 01"),
        (f"{P}, row 2, column municipality", '"01 01"', "four digits"),
    ),
    Broken(
        "control character",
        cell("practices", 2, "name", "L\x1b[31mge"),
        (f"{P}, row 2, column name", "\\x1b[31m", "without control characters", "delete the blanks"),
    ),
    Broken(
        "unclosed quote",
        cell("practices", 5, "name", '"Lægehuset'),
        (f"{P}, row 5", "a quotation mark that does not pair", "mend the quotes"),
    ),
    Broken(
        "unclosed quote in the header",
        header("practices", "practice_id", '"practice_id'),
        (f"{P}, row 1", "a quotation mark that does not pair"),
    ),
    Broken(
        "ragged row",
        line("practices", 6, "030601,Vig,0306"),
        (f"{P}, row 6", "3 cells", "10 cells set apart by commas", "in quotes"),
    ),
    Broken(
        "two separators",
        line("practices", 6, "030601;Vig;0306;1;2;fixed;1;1;0;ja"),
        (f"{P}, row 6", "1 cell, which holds semicolons", "10 cells set apart by commas", "one separator"),
    ),
]
