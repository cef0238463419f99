"""Try out what closing and opening practices does; that somebody asked is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.web.audit.actions import record
from fordel.web.coverage.what_if import Outcome, outcome

if TYPE_CHECKING:
    from datetime import datetime

    from fordel.web.coverage.forms import Asked
    from fordel.web.runs.queries import Seen


def try_out(seen: Seen, asked: Asked, *, by: str, at: datetime) -> Outcome:
    """Tell what closing and opening practices does, and record who asked for which."""
    new: dict[str, object] = {"closed": list(asked.closed)}
    if asked.opened:
        new |= {"opened": [one.settlement_id for one in asked.opened], "capacities": asked.capacities}
    record("coverage.what_if", "run", seen.record.run_id, by=by, at=at, new=new)
    return outcome(seen, asked.closed, asked.opened, asked.capacities)
