"""Read a page of the report back: its tables as numbers, its words, whatever it would fetch."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Tables by id, as rows of cells; figures by id; every address; tags left open."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.figures: dict[str, list[str]] = {}
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self._table = self._figure = ""
        self._in_cell = self._in_style = False
        self._open: list[str] = []
        self.html = path.read_text(encoding="utf-8")
        self.feed(self.html)
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        self.tags.add(tag)
        self.ids += [at["id"] or ""] if "id" in at else []
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "srcset", "action")]
        if tag not in VOID and not tag.startswith("!"):
            self._open.append(tag)
        if tag == "table":
            self._table = at.get("id") or ""
            self.tables.setdefault(self._table, [])
        if tag == "tr" and self._table:
            self.tables[self._table].append([])
        if tag in ("th", "td") and self._table:
            self._in_cell = True
            self.tables[self._table][-1].append("")
        if tag == "div" and (at.get("id") or "").startswith("figure-"):
            self._figure = at["id"] or ""
        if tag == "dd" and self._figure:
            self.figures.setdefault(self._figure, []).append("")
        self._in_style = tag == "style"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes another tag"
        if tag in ("th", "td"):
            self._in_cell = False
        if tag == "table":
            self._table = ""
        if tag == "div":
            self._figure = ""

    def handle_data(self, data: str) -> None:
        if self._in_style:
            return
        self.words += data
        if self._in_cell and self._table:
            self.tables[self._table][-1][-1] += data
        if self._figure in self.figures:
            self.figures[self._figure][-1] += data

    def rows(self, table: str, columns: int) -> dict[str, list[str]]:
        """Rows of full width after the heading, by their first cell."""
        return {row[0]: row[1:] for row in self.tables[table][1:] if len(row) == columns}


def as_number(text: str, lang: str) -> float | None:
    """Read a number as the page writes it."""
    plain = text.replace("\N{NO-BREAK SPACE}", "").rstrip("%").replace("−", "-")
    if plain == "–":
        return None
    return float(plain.replace(".", "").replace(",", ".") if lang == "da" else plain.replace(",", ""))
