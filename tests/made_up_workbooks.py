"""Workbooks written by hand, part by part, with whatever programs and enemies put in them."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random
from xml.sax.saxutils import escape, quoteattr

import xlwt

Cell = str | int | float | bool
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB += "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
SERIALS = (0, -5, 60, 1e9, "1e400", "x")  # of days
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
ROOT_RELS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
    '<xf numFmtId="46"/><xf numFmtId="999"/></cellXfs></styleSheet>'
)


def xlsx(rows: list[list[Cell]], r: Random) -> bytes:
    """Write rows as .xlsx, now and then with something strange in it."""
    names = r.choice((["ark"], ["ark"], ["ark"], ["practices", "andet"], ["a", "a"], ["x" * 300], ["<&>"], []))
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT_RELS,
        "xl/workbook.xml": _workbook(names, r),
        "xl/_rels/workbook.xml.rels": _relations(len(names)),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": _shared(r),
    }
    for at in range(len(names)):
        parts[f"xl/worksheets/sheet{at + 1}.xml"] = _sheet(rows if at == 0 else [["x"]], r)
    if r.random() < 0.08:
        parts.pop(r.choice(list(parts)))
    if r.random() < 0.05:
        name = r.choice(list(parts))
        parts[name] = parts[name][: r.randrange(len(parts[name]) + 1)]
    if r.random() < 0.05:
        name = r.choice(list(parts))
        parts[name] = r.choice((BOMB, OUTSIDE)) + parts[name].replace("</", "&i;</", 3)
    return _packed(parts, r)


def _workbook(names: list[str], r: Random) -> str:
    state = r.choice(("", "", ' state="hidden"', ' state="veryHidden"'))
    sheets = "".join(
        f'<sheet name={quoteattr(n)} sheetId="{at}" r:id="r{at}"{state}/>' for at, n in enumerate(names, 1)
    )
    start = r.choice(("", "", '<workbookPr date1904="1"/>', '<workbookPr date1904="x"/>'))
    return f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{start}<sheets>{sheets}</sheets></workbook>'


def _relations(sheets: int) -> str:
    each = "".join(
        f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _shared(r: Random) -> str:
    count = r.choice(("1", "1", "4294967295", "-1", "x"))
    return f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}"><si><t>delt</t></si></sst>'


def _sheet(rows: list[list[Cell]], r: Random) -> str:
    dimension = r.choice(("", "", '<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', '<dimension ref="?"/>'))
    merged = r.choice(("", "", '<mergeCells><mergeCell ref="A1:B9"/></mergeCells>', '<mergeCells><mergeCell ref="Z"/>'))
    odd = r.choice((0, 0, 0, 0.01, 0.2))
    lines = "".join(
        f'<row r="{_odd_row(at, r, odd)}">{"".join(_cell(c, at, column, r, odd) for column, c in enumerate(row))}</row>'
        for at, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{MAIN}">{dimension}<sheetData>{lines}</sheetData>{merged}</worksheet>'


def _odd_row(row: int, r: Random, odd: float) -> object:
    return r.choice((0, -1, 1, row * 50, 1_048_577, 2**32, "x")) if r.random() < odd / 10 else row


def _cell(cell: Cell, row: int, column: int, r: Random, odd: float) -> str:
    place = f"{_letters(column)}{row}"
    if r.random() < odd:
        place = r.choice(("", "A1", "ZZZZ9", "AD400000", "A0", "1A", "$A$1", "a1", "XFD1", f"{place}x"))
        return r.choice(
            (
                f'<c r="{place}" t="s"><v>0</v></c>',
                f'<c r="{place}" t="s"><v>99</v></c>',
                f'<c r="{place}" t="e"><v>#REF!</v></c>',
                f'<c r="{place}" t="str"><f>1/0</f><v>x</v></c>',
                f'<c r="{place}"><f>A1:A9*2</f></c>',
                f'<c r="{place}" s="{r.choice((1, 2, 3, 4, 77))}"><v>{r.choice(SERIALS)}</v></c>',
                f'<c r="{place}" t="d"><v>2026-02-30T99:00:00</v></c>',
                f'<c r="{place}" t="n"><v/></c>',
                f'<c r="{place}" t="?"><v>1</v></c>',
            )
        )
    if cell == "":
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'


def _text(cell: Cell) -> str:
    return escape(NOT_XML.sub("?", str(cell)))


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def ods(rows: list[list[Cell]], r: Random) -> bytes:
    """Write rows as .ods, now and then with something strange in it."""
    lines = "".join(
        f"<table:table-row{_times(r, 'row')}>{''.join(_ods_cell(c, r) for c in row)}</table:table-row>" for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = "".join(f' xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text"))
    sheet = f'<table:table table:name="ark">{lines}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"<office:document-content{spaces}>{body}</office:document-content>"
    if r.random() < 0.05:
        content = r.choice((BOMB, OUTSIDE)) + content.replace("</", "&i;</", 3)
    kind = r.choice(("application/vnd.oasis.opendocument.spreadsheet",) * 9 + ("text/plain",))
    return _packed({"mimetype": kind, "META-INF/manifest.xml": "<x/>", "content.xml": content}, r)


def _times(r: Random, what: str) -> str:
    if r.random() > 0.01:
        return ""
    return f' table:number-{what}s-repeated="{r.choice((0, -1, 3, 30, 1000, 1_048_576, 2**40, "x"))}"'


def _ods_cell(cell: Cell, r: Random) -> str:
    repeated = _times(r, "column")
    if cell == "":
        return f"<table:table-cell{repeated}/>"
    if isinstance(cell, bool):
        return f'<table:table-cell{repeated} office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell{repeated} office:value-type="float" office:value="{cell}"/>'
    kind = r.choice(("string",) * 20 + ("date", "time", "currency", "?"))
    return f'<table:table-cell{repeated} office:value-type="{kind}"><text:p>{_text(cell)}</text:p></table:table-cell>'


def _packed(parts: dict[str, str], r: Random) -> bytes:
    made = io.BytesIO()
    how = r.choice(
        (zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    )
    with zipfile.ZipFile(made, "w", how, compresslevel=1) as archive:
        for name, content in parts.items():
            told = zipfile.ZipInfo(name)  # of no day, so that it is the same each time
            archive.writestr(told, content.encode("utf-8", "replace"), how, 1)
    packed = bytearray(made.getvalue())
    entry = packed.find(b"PK\x01\x02")
    if r.random() < 0.03 and entry >= 0:  # the directory says something that is not so
        at = entry + r.choice((8, 10, 16, 20, 24, 28, 30, 42))
        packed[at : at + 2] = r.choice((b"\x01\x00", b"\xff\xff", b"\x63\x00", b"\x00\x00"))
    return bytes(packed)


def xls(rows: list[list[Cell]], r: Random) -> bytes:
    """Write rows as .xls as programs do, as far as it has room for them; half of the time what only begins as one."""
    if r.random() < 0.5:
        return ole(rows, r)
    book = xlwt.Workbook(encoding="utf-8", style_compression=2)
    styles = [xlwt.easyxf(num_format_str=form) for form in ("General", "DD-MM-YYYY", "[h]:mm", "0.00%")]
    for name in r.choice((["ark"], ["ark"], ["practices", "andet"], ["x" * 31], ["<æ>"])):
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows[: r.choice((9, 9, 65_536))]):
            for column, cell in enumerate(row[:256]):
                style = styles[r.randrange(4) if r.random() < 0.01 else 0]
                sheet.write(at, column, _held(cell), style)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _held(cell: Cell) -> Cell:
    """Give a cell as .xls can hold it: text of limited length, and every number as a float."""
    if isinstance(cell, bool):
        return cell
    return float(cell) if isinstance(cell, int | float) else encodable(cell)[:32_000]


def encodable(cell: Cell | None) -> str:
    """Write a cell as text that a file can hold: half a character becomes a question mark."""
    return str(cell).encode("utf-8", "replace").decode()


def ole(rows: list[list[Cell]], r: Random) -> bytes:
    """Write what begins as .xls does and goes on with directories and records that may be anything."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00")
    header += bytes(10) + (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + b"\x00\x10\x00\x00"
    header += b"\xfe\xff\xff\xff" + bytes(4) + b"\xfe\xff\xff\xff" + bytes(4) + bytes(4) + b"\xff" * 432
    fat = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xfe\xff\xff\xff" * r.choice((1, 126)) + b"\xff" * 512
    stream = b"".join(
        _record(kind, r)
        for kind in (0x0809, *(r.choice((0x85, 0xFC, 0x203, 0xFD, 0x31, 0x22, 0x7E)) for _ in rows), 0x0A)
    )
    name = r.choice(("Workbook", "Book", "x")).encode("utf-16-le")
    entries = [_entry("Root Entry".encode("utf-16-le"), 5, 0, 1), _entry(name, 2, 2, max(len(stream), 4096))]
    whole = bytes(header[:512].ljust(512, b"\xff")) + fat[:512] + b"".join(entries).ljust(512, b"\0")
    return whole + stream.ljust(4096, b"\0")


def _record(kind: int, r: Random) -> bytes:
    body = {
        0x0809: b"\x00\x06\x05\x00" + bytes(12),
        0x85: (r.choice((0, 600, 2**31))).to_bytes(4, "little") + b"\x00\x00\x03\x00ark",
        0x203: bytes((r.randrange(256), 0, r.randrange(9), 0, 0, 0)) + r.randbytes(8),
    }.get(kind, r.randbytes(r.randrange(40)))
    length = r.choice((len(body), len(body), len(body), 0xFFFF, 0))
    return kind.to_bytes(2, "little") + length.to_bytes(2, "little") + body


def _entry(name: bytes, kind: int, start: int, size: int) -> bytes:
    padded = name[:62].ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little") + bytes((kind, 1))
    ids = b"\xff\xff\xff\xff" * 2 + (b"\x01\x00\x00\x00" if kind == 5 else b"\xff\xff\xff\xff")
    return padded + ids + bytes(36) + start.to_bytes(4, "little") + size.to_bytes(4, "little") + bytes(4)
