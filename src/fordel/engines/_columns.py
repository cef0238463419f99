"""Citizens' columns straight from Parquet files: characteristics packed by look-up, groups numbered by dictionaries.

SQL would say the same of each citizen, with three times the work. Used where the files' own statistics tell which whole
numbers a column holds; SQL answers for all else.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from fordel.engines._counting import Batch, narrowest
from fordel.need.design import NeedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    from fordel.engines._lookups import Lookup
    from fordel.need.cells import Ints
    from fordel.need.design import Design

Part = TypeVar("Part")
Read = TypeVar("Read")

_MOST_ROWS = 32_000_000  # beyond, numbering groups would hold more memory than SQL: two bytes for each citizen
_BATCH = 1 << 17
_NOTHING, _NO_USE = np.zeros(_BATCH, np.int64), np.zeros(_BATCH, np.int32)


@dataclass(frozen=True, eq=False)
class _Piece:
    """A row group: its file and number there, the row it begins at in the file and in all files, and its rows."""

    file: str
    metadata: pq.FileMetaData
    number: int
    begins: int
    first: int
    rows: int


class Columns:
    """The columns of Parquet files, read by row group on every core. Open with ``open_columns``."""

    def __init__(self, pieces: Sequence[_Piece], lookups: Sequence[Lookup] = ()) -> None:
        """Take the row groups, and how characteristics are packed."""
        self._pieces, self._lookups = pieces, lookups
        self._rows = sum(piece.rows for piece in pieces)
        self._scans = {piece.file: pl.scan_parquet(piece.file, glob=False) for piece in pieces}
        self._index: dict[str, npt.NDArray[Any]] = {}
        self._names: dict[str, list[str]] = {}

    def packed(self, lookups: Sequence[Lookup]) -> Columns:
        """Give the same columns, to be packed by some look-ups."""
        return Columns(self._pieces, lookups)

    def number(self, by: Sequence[str], nothing: str) -> dict[str, list[str]]:
        """Number the values of columns of text or whole numbers; give them in order, ``nothing`` for none."""
        for name in by:
            self._names[name], self._index[name] = self._numbered(name, nothing)
        return self._names

    def _numbered(self, column: str, nothing: str) -> tuple[list[str], npt.NDArray[Any]]:
        numbers: dict[str, int] = {}
        index = np.empty(self._rows, np.uint16)
        rows = [slice(piece.first, piece.first + piece.rows) for piece in self._pieces]
        for here, (values, indices) in zip(rows, _ahead(partial(_dictionary, column), self._pieces), strict=True):
            names = [*values, nothing]
            held = np.flatnonzero(np.bincount(indices))
            place = np.zeros(len(names), np.int64)
            place[held] = [numbers.setdefault(names[at], len(numbers)) for at in held]
            index = index.astype(narrowest(len(numbers)), copy=False)
            index[here] = place[indices]
        names = sorted(numbers)
        rank = np.empty(len(names), index.dtype)
        rank[[numbers[name] for name in names]] = np.arange(len(names))
        for here in rows:
            index[here] = rank[index[here]]
        return names, index

    def batches(self, design: Design, by: Sequence[str], *, use: bool) -> Iterator[Batch]:
        """Bring citizens, in the order of the files; ``number`` the columns first.

        Args:
            design: the model whose characteristics the look-ups pack.
            by: columns that together number a citizen's group.
            use: whether to bring use and exposure.

        Raises:
            NeedError: a column holds what its file's statistics say it does not.
        """
        names = {lookup.column for lookup in self._lookups}
        names |= {name for name in (design.outcome, design.exposure) if name and use}

        def read(part: tuple[_Piece, int, int]) -> Batch:
            piece, start, rows = part
            frame = self._scans[piece.file].slice(piece.begins + start, rows).select(names).collect()
            word = self._words(frame, f"{piece.file}, row {piece.begins + start + 1:,} or later")
            told = _use(frame, design) if use else (_NOTHING[:rows], _NO_USE[:rows])
            return Batch(word, *told, self._group(by, slice(piece.first + start, piece.first + start + rows)))

        return _ahead(
            read, ((p, at, min(_BATCH, p.rows - at)) for p in self._pieces for at in range(0, p.rows, _BATCH))
        )

    def _words(self, frame: pl.DataFrame, where: str) -> Ints:
        from fordel.engines._compiled import add_to_words  # noqa: PLC0415  numba takes a third of a second to import

        word = np.zeros(frame.height, np.int64)
        for lookup in self._lookups:
            missing = lookup.low + len(lookup.adds) - 1
            if not add_to_words(word, _held(frame[lookup.column], missing), lookup.low, lookup.adds):
                raise NeedError(
                    f"{where}, column {lookup.column!r} holds a number that is not among {lookup.low} to "
                    f"{missing - 1}, as the file's own statistics say.\n  Try: write the file anew; it is damaged"
                )
        return word

    def _group(self, by: Sequence[str], rows: slice) -> npt.NDArray[Any]:
        """Give the numbers of citizens' groups, 0 when there is one."""
        if len(by) == 1:
            return self._index[by[0]][rows]
        group, stride = np.zeros(rows.stop - rows.start, np.uint32), 1
        for name in by:
            group += self._index[name][rows] * np.uint32(stride)
            stride *= len(self._names[name])
        return group


def footers_of(files: Sequence[str]) -> dict[str, pq.FileMetaData]:
    """Read the footers of Parquet files, by file; none when the files differ in their columns."""
    footers = {file: pq.read_metadata(file) for file in files}
    kinds = [footer.schema.to_arrow_schema() for footer in footers.values()]
    return footers if all(kind.equals(kinds[0]) for kind in kinds) else {}


def open_columns(footers: dict[str, pq.FileMetaData]) -> Columns | None:
    """Open the columns of files; none where SQL should read them, as of more than 32 million citizens."""
    if not 0 < sum(footer.num_rows for footer in footers.values()) <= _MOST_ROWS:
        return None
    pieces: list[_Piece] = []
    first = 0
    for file, footer in footers.items():
        sizes = [footer.row_group(number).num_rows for number in range(footer.num_row_groups)]
        begins = [0, *accumulate(sizes)]
        pieces += [
            _Piece(file, footer, number, begins[number], first + begins[number], rows)
            for number, rows in enumerate(sizes)
        ]
        first += begins[-1]
    return Columns(pieces)


def _dictionary(column: str, piece: _Piece) -> tuple[list[str], npt.NDArray[np.int32]]:
    """Give a row group's values of a column as texts, and each row's index among them; one past the last is none."""
    with pq.ParquetFile(piece.file, metadata=piece.metadata, read_dictionary=[column]) as file:
        held = file.read_row_group(piece.number, columns=[column], use_threads=False).column(0)
    if not pa.types.is_dictionary(held.type):
        held = held.dictionary_encode()
    held = held.unify_dictionaries().combine_chunks()
    values = held.dictionary.cast(pa.string()).to_pylist()
    # Through polars, since pyarrow's own way to numpy imports pandas: 50 MB for nothing.
    return values, pl.Series(pl.from_arrow(held.indices)).fill_null(len(values)).to_numpy()


def _held(column: pl.Series, missing: int) -> npt.NDArray[Any]:
    """Give a column with a number for what is missing."""
    return (column.cast(pl.Int64).fill_null(missing) if column.null_count() else column).to_numpy()


def _use(frame: pl.DataFrame, design: Design) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Give twice the exposure plus 1 where use is bad, and use; see ``Batch``."""
    from fordel.engines._compiled import tell_use  # noqa: PLC0415  numba takes a third of a second to import

    use = _held(frame[design.outcome], -1)
    exposure = np.full(len(use), design.full_exposure) if design.exposure is None else _held(frame[design.exposure], 0)
    extra, used = np.empty(len(use), np.int64), np.empty(len(use), np.int32)
    tell_use(use, exposure, extra, used)
    return extra, used


def _ahead(work: Callable[[Part], Read], parts: Iterable[Part]) -> Iterator[Read]:
    """Do work on every core, a few parts ahead of what is asked for; give the outcomes in order."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores, thread_name_prefix="columns") as pool:
        coming: deque[Any] = deque()
        for part in parts:
            coming.append(pool.submit(work, part))
            if len(coming) > cores:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
