"""Verify an export of the audit log without its database: the key of the installation is all it takes.

An export is JSON, one object a line. The first says what was asked for; then come the events, and then every seal from
the first that binds one of them to the last there was. A seal tells the fingerprints of all its events, so that the
chain can be followed where only some of them are in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fordel.web.audit import fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORMAT = 1


class BadExport(Exception):
    """A file is no export of an audit log."""


@dataclass
class Verdict:
    """What a check of an export found.

    Attributes:
        events, sealed: how many there are, and how many a seal binds.
        seals: fingerprints of the seals, in order.
        faults: what is wrong, a sentence each.
    """

    events: int = 0
    sealed: int = 0
    seals: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def head(self) -> str:
        """Fingerprint of the last seal; empty where there is none."""
        return self.seals[-1] if self.seals else ""


def verify_file(file: Path, key: str) -> Verdict:
    """Recompute every fingerprint and every link in an export.

    Raises:
        BadExport: the file is none, or of another version; nothing more can be told of it.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            return _verified(key, [json.loads(line) for line in lines])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadExport(
            f"{file} is no export of an audit log ({type(error).__name__}: {error}).\n"
            "  Try: the file as it was downloaded, JSON with one object a line"
        ) from error


def _verified(key: str, lines: list[dict[str, Any]]) -> Verdict:
    head, *rest = lines or [{}]
    if head.get("type") != "export" or head.get("format") != FORMAT:
        raise ValueError(f"the first line must say it is an export of format {FORMAT}")
    events = [line for line in rest if line["type"] == "event"]
    seals = [line for line in rest if line["type"] == "seal"]
    found = Verdict(events=len(events), seals=[str(seal["fingerprint"]) for seal in seals])
    for name, there in (("events", len(events)), ("seals", len(seals))):
        if head[name] != there:
            found.faults.append(f"The file should hold {head[name]:,} {name}, but {there:,} are there.")
    bound = {(seal["number"], event) for seal in seals for event in seal["of"]}
    for event in events:
        found.faults += _faults_of_event(key, event, bound)
        found.sealed += event["seal"] is not None
    before: Mapping[str, Any] | None = None
    for seal in seals:
        found.faults += _faults_of_seal(key, seal, before)
        before = seal
    if len({event["id"] for event in events}) < len(events):
        found.faults.append("An event is in the file twice.")
    return found


def _faults_of_event(key: str, event: Mapping[str, Any], bound: set[tuple[int, str]]) -> Iterable[str]:
    if fingerprints.of_event(key, event, datetime.fromisoformat(event["at"])) != event["fingerprint"]:
        yield f"Event {event['id']} is not what was recorded."
    if event["seal"] is not None and (event["seal"], event["fingerprint"]) not in bound:
        yield f"Event {event['id']} is not among those that seal {event['seal']} binds."


def _faults_of_seal(key: str, seal: Mapping[str, Any], before: Mapping[str, Any] | None) -> Iterable[str]:
    number, at = seal["number"], datetime.fromisoformat(seal["at"])
    if fingerprints.of_seal(key, number, at, seal["previous"], seal["of"]) != seal["fingerprint"]:
        yield f"Seal {number} does not fit its events."
    if before is not None and (number != before["number"] + 1 or seal["previous"] != before["fingerprint"]):
        yield f"Seal {number} does not follow the one before it in the file, {before['number']}."
