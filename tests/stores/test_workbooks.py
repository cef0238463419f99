"""What workbooks of people and programs hold: .xlsx typed by hand, .ods as LibreOffice saves it, .xls as it was."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt

from fordel.stores import BadInput, read_table
from fordel.tables import Areas, NeedWeights

EXPECTED = [
    ("0101", "municipality", date(1970, 4, 1), None, "København"),
    ("0400", "municipality", date(1970, 4, 1), date(2026, 12, 31), "Rønne Ø"),
]


def test_a_workbook_typed_by_hand(tmp_path: Path) -> None:
    """Days as days or text, a sheet beside the table, formatted but empty columns and rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Areas"
    for row in (
        ["område", "niveau", "gyldig fra", "ophører", "navn", None],
        ["0101", "kommune", date(1970, 4, 1), None, "København", None],
        [None] * 6,
        ["0400", "kommune", "1.4.1970", "31-12-2026", "Rønne Ø", None],
    ):
        sheet.append(row)
    sheet["F9"].font = openpyxl.styles.Font(bold=True)
    book.create_sheet("Noter")["A1"] = "kladde"
    book.save(tmp_path / "areas.xlsx")
    assert read_table(tmp_path / "areas.xlsx", Areas).rows() == EXPECTED


def test_a_formula_is_read_by_its_value(tmp_path: Path) -> None:
    """openpyxl writes no value with a formula, as a program that never calculated it: an empty cell, not zero."""
    book = openpyxl.Workbook()
    book.active.append(["sex", "age_group", "coefficient"])
    book.active.append(["male", "95+", "=1+1"])
    book.save(tmp_path / "need_weights.xlsx")
    with pytest.raises(BadInput, match="found an empty cell; expected a number"):
        read_table(tmp_path / "need_weights.xlsx", NeedWeights)


CONTENT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="need_weights">
<table:table-row>{header}</table:table-row>
<table:table-row{rows}><table:table-cell office:value-type="string"><text:p>mand</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>95+</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1.125"{repeated}><text:p>1,125</text:p></table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def open_document(path: Path, repeated: str = "", rows: str = "") -> Path:
    """A sheet as LibreOffice saves it: empty rows and columns to the end of the sheet stand there as one."""
    cells = [
        f'<table:table-cell office:value-type="string"><text:p>{heading}</text:p></table:table-cell>'
        for heading in ("sex", "age_group", "coefficient")
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        content = CONTENT.format(header="".join(cells), repeated=repeated, rows=rows).replace(">\n<", "><")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def test_an_open_document_is_read(tmp_path: Path) -> None:
    assert read_table(open_document(tmp_path / "need_weights.ods"), NeedWeights).rows() == [("male", "95+", 1.125)]


def test_an_open_document_with_a_cell_for_a_million_is_refused(tmp_path: Path) -> None:
    path = open_document(tmp_path / "need_weights.ods", ' table:number-columns-repeated="16000"')
    with pytest.raises(BadInput, match="far from any table"):
        read_table(path, NeedWeights)


def test_an_open_document_with_a_row_for_a_million_is_refused(tmp_path: Path) -> None:
    """A file of 722 bytes held 1.4 GiB and the reader for half a minute."""
    path = open_document(tmp_path / "need_weights.ods", rows=' table:number-rows-repeated="1048574"')
    with pytest.raises(BadInput, match=r"a sheet of 1,048,575 rows and 3 columns; expected at most 2,000,000 cells"):
        read_table(path, NeedWeights)


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Områder")
    days = xlwt.easyxf(num_format_str="DD-MM-YYYY")
    for at, heading in enumerate(("område", "niveau", "gyldig fra", "ophører", "navn")):
        sheet.write(0, at, heading)
    for row, (area, name) in enumerate((("0101", "København"), ("0400", "Rønne Ø")), 1):
        sheet.write(row, 0, area)
        sheet.write(row, 1, "kommune")
        sheet.write(row, 2, date(1970, 4, 1), days)
        sheet.write(row, 4, name)
    sheet.write(2, 3, date(2026, 12, 31), days)
    book.save(str(tmp_path / "areas.xls"))
    assert read_table(tmp_path / "areas.xls", Areas).rows() == EXPECTED


@pytest.mark.slow
def test_an_open_document_with_a_row_for_a_million_ends_nothing(tmp_path: Path) -> None:
    path = open_document(tmp_path / "need_weights.ods", rows=' table:number-rows-repeated="400000000"')
    with pytest.raises(BadInput):
        read_table(path, NeedWeights)
