"""Write the events that were asked for to a file somebody outside can verify, or to a table; itself an event."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction

from fordel.publish.export import table_csv
from fordel.web.audit.actions import record
from fordel.web.audit.exported import FORMAT
from fordel.web.audit.models import Event, Seal, Sealed
from fordel.web.audit.queries import Asked, found
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 100_000  # events in one file
TOLD = ("id", "at", "who", "acting_for", "what", "kind", "known_as", "old", "new", "ground", "fingerprint", "seal")
FORMS = {"jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}


class TooMany(Exception):
    """More events were asked for than go into one file."""


@transaction.atomic
def export(asked: Asked, form: str, *, by: str, at: datetime) -> bytes:
    """Give the events, oldest first. The event that this leaves tells what was asked for and the SHA-256 of the file.

    Args:
        asked: which events.
        form: one of ``FORMS``: ``jsonl`` with all seals, to be verified; ``csv`` to be read.
        by: who asks.
        at: now.

    Raises:
        TooMany: ask for a shorter period.
    """
    events = list(found(asked).order_by("id").select_related("sealed")[: MOST + 1])
    if len(events) > MOST:
        raise TooMany(f"There are more than {MOST:,} events; ask for a shorter period.")
    rows = [_row(event) for event in events]
    content = _table(rows) if form == "csv" else b"".join(_lines(rows, asked, by, at))
    told = {
        "filter": {name: str(value) for name, value in asdict(asked).items() if value},
        "form": form,
        "events": len(rows),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    record("audit.exported", "audit", form, by=by, at=at, new=told)
    return content


def _row(event: Event) -> dict[str, Any]:
    bound = getattr(event, "sealed", None)
    at = {"at": event.at.isoformat(), "seal": None if bound is None else bound.seal_id}
    return {name: at[name] if name in at else getattr(event, name) for name in TOLD}


def _lines(rows: list[dict[str, Any]], asked: Asked, by: str, at: datetime) -> Iterator[bytes]:
    first = min((row["seal"] for row in rows if row["seal"] is not None), default=None)
    seals = [] if first is None else list(Seal.objects.filter(number__gte=first).order_by("number"))
    bound: dict[int, list[str]] = {}
    links = Sealed.objects.filter(seal_id__in=[seal.number for seal in seals]).order_by("event_id")
    for number, fingerprint in links.values_list("seal_id", "event__fingerprint"):
        bound.setdefault(number, []).append(fingerprint)
    about = {"program": f"Fordel {version('fordel')}", "made_at": at.isoformat(), "made_by": by}
    wanted = {name: value for name, value in asdict(asked).items() if value}
    yield _line("export", {"format": FORMAT, **about, "filter": wanted, "events": len(rows), "seals": len(seals)})
    for row in rows:
        yield _line("event", row)
    for seal in seals:
        known = {name: getattr(seal, name) for name in ("number", "previous", "fingerprint")}
        yield _line("seal", {**known, "at": seal.at.isoformat(), "of": bound.get(seal.number, [])})


def _line(kind: str, told: dict[str, Any]) -> bytes:
    return (json.dumps({"type": kind, **told}, ensure_ascii=False, default=str) + "\n").encode()


def _table(rows: list[dict[str, Any]]) -> bytes:
    """Write the events as a table; before and after as JSON."""
    kept = ("old", "new")
    plain = [
        {
            name: _text(json.dumps(row[name], ensure_ascii=False) if name in kept and row[name] else row[name])
            for name in TOLD
        }
        for row in rows
    ]
    frame = pl.DataFrame(plain, dict.fromkeys(TOLD, pl.String))
    return table_csv(frame, {name: text(f"audit.column_{name}") for name in TOLD}, language())


def _text(value: object) -> str | None:
    return None if value is None else str(value)
