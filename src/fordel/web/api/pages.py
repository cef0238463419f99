"""Answers in parts: at most so many rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Field, Schema
from ninja.pagination import PaginationBase

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST, USUAL, FARTHEST = 1000, 100, 1_000_000


class Part(PaginationBase):
    """Rows ``offset`` to ``offset + limit``, and how many there are in all."""

    class Input(Schema):
        """Which part."""

        limit: int = Field(USUAL, ge=1, le=MOST, description="How many rows at most.")
        offset: int = Field(0, ge=0, le=FARTHEST, description="How many rows to pass over.")

    class Output(Schema):
        """The part."""

        items: list[Any]
        count: int = Field(description="How many there are in all.")

    def paginate_queryset(self, queryset: Any, pagination: Any, request: Any, **params: Any) -> dict[str, Any]:
        """Cut the part out of rows in memory, or ask the database for it."""
        rows: Sequence[Any] = queryset[pagination.offset : pagination.offset + pagination.limit]
        return {"items": list(rows), "count": self._items_count(queryset)}
