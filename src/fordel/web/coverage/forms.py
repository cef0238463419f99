"""Which practices to close in thought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fordel.web.coverage.what_if import MOST
from fordel.web.practices.queries import found

if TYPE_CHECKING:
    from django.http import QueryDict

    from fordel.web.runs.queries import Seen

SHOWN = 20  # practices that fit what was typed


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes:
        closed: ids of the practices to close, each once, in the order they were chosen.
        words: what was typed and does not yet name one practice.
        fitting: the practices it may mean, at most ``SHOWN``; count: how many there are in all.
        too_many: whether one more was asked for than can be closed together.
    """

    closed: tuple[str, ...]
    words: str = ""
    fitting: tuple[dict[str, Any], ...] = ()
    count: int = 0
    too_many: bool = False


def read(given: QueryDict, seen: Seen) -> Asked:
    """Read which practices to close: those chosen (``lukket``), and one by id or name (``praksis``).

    Raises:
        Http404: one of those chosen is not there, or is not for this person.
    """
    chosen = tuple(dict.fromkeys(given.getlist("lukket")))[: MOST + 1]
    closed = tuple(str(seen.practice(practice_id)["practice_id"]) for practice_id in chosen)
    words = given.get("praksis", "").strip()[:100]
    fitting = [row for row in found(seen, {"q": words}, "name") if row["practice_id"] not in closed] if words else []
    exact = [row for row in fitting if words.lower() in (row["name"].lower(), row["practice_id"])]
    one = exact if len(exact) == 1 else fitting
    if len(one) == 1:
        closed, words, fitting = (*closed, str(one[0]["practice_id"])), "", []
    return Asked(closed[:MOST], words, tuple(fitting[:SHOWN]), len(fitting), len(closed) > MOST)
