"""What the fingerprints of events and seals must be: HMAC-SHA-256 with the key of the installation; no database."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

SIGNED = ("who", "acting_for", "what", "kind", "known_as", "old", "new", "ground")


def of_event(key: str, told: Mapping[str, Any], at: datetime) -> str:
    """Give the fingerprint of an event from what it tells (``SIGNED``) and when it was."""
    return _signed(key, {**{name: told[name] for name in SIGNED}, "at": at.timestamp()})


def of_seal(key: str, number: int, at: datetime, previous: str, events: Sequence[str]) -> str:
    """Give the fingerprint of a seal from that of the seal before it and those of its events in their order."""
    return _signed(key, {"number": number, "at": at.timestamp(), "previous": previous, "events": list(events)})


def _signed(key: str, told: dict[str, Any]) -> str:
    message = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
