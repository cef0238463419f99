"""Record an event, in the transaction of what it tells of; seal what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from fordel.web.audit import fingerprints
from fordel.web.audit.models import Event, Seal, Sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

CHAIN_LOCK = 0xF0_4DE1  # one program at a time adds a link to the chain


def record(
    what: str,
    kind: str,
    known_as: str,
    *,
    by: str,
    at: datetime,
    acting_for: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    ground: str = "",
) -> Event:
    """Add an event to the log. Call it inside the transaction of what it tells of."""
    event = Event(
        at=at, who=by, acting_for=acting_for, what=what, kind=kind, known_as=known_as, old=old, new=new, ground=ground
    )
    event.fingerprint = fingerprint_of(event)
    event.save(force_insert=True)
    return event


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """Bind all events that are not yet sealed; None where there are none.

    An event whose transaction ends later than that of one with a higher number is bound by the next seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    loose = list(Event.objects.filter(sealed__isnull=True).order_by("id"))
    if not loose:
        return None
    last = Seal.objects.order_by("-number").first()
    made = Seal(
        number=last.number + 1 if last else 1,
        at=at,
        events=len(loose),
        previous=last.fingerprint if last else "",
    )
    made.fingerprint = fingerprint_of_seal(made, [event.fingerprint for event in loose])
    made.save(force_insert=True)
    Sealed.objects.bulk_create(Sealed(event=event, seal=made) for event in loose)
    return made


def fingerprint_of(event: Event) -> str:
    """Give what the fingerprint of an event must be."""
    told = {name: getattr(event, name) for name in fingerprints.SIGNED}
    return fingerprints.of_event(settings.AUDIT_KEY, told, event.at)


def fingerprint_of_seal(link: Seal, events: Sequence[str]) -> str:
    """Give what the fingerprint of a seal must be, from those of its events in the order of their numbers."""
    return fingerprints.of_seal(settings.AUDIT_KEY, link.number, link.at, link.previous, events)
