"""Read the log, and verify that it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from fordel.web.audit.actions import fingerprint_of, fingerprint_of_seal
from fordel.web.audit.models import Event, Seal, Sealed
from fordel.web.audit.words import fitting

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Verdict:
    """What a check of the log found.

    Attributes:
        events, sealed, seals: how many there are.
        head: fingerprint of the last seal, to be kept elsewhere; empty where there is none.
        faults: what is wrong, a sentence each.
    """

    events: int
    sealed: int
    seals: int
    head: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """Which events are asked for; what is empty is not.

    Attributes:
        words: in who, what (as the log or as the page calls it) or what on.
        who: a user name, whole.
        what, kind: a verb, and what it was done to.
        since, until: first and last day of a period, in Danish time.
    """

    words: str = ""
    who: str = ""
    what: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


def found(asked: Asked) -> QuerySet[Event]:
    """Give the events that are asked for, newest first."""
    events = Event.objects.all()
    words = asked.words.replace("\0", "")  # the database has no such letter
    if words:
        said = Q(what__in=fitting(words)) | Q(what__icontains=words)
        events = events.filter(Q(who__icontains=words) | said | Q(known_as__icontains=words))
    if asked.who:
        events = events.filter(Q(who=asked.who) | Q(acting_for=asked.who))
    if asked.since:
        events = events.filter(at__gte=_begins(asked.since))
    if asked.until:
        events = events.filter(at__lt=_begins(asked.until + timedelta(days=1)))
    exact = {name: value for name, value in (("what", asked.what), ("kind", asked.kind)) if value}
    return events.filter(**exact)


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def verify() -> Verdict:
    """Recompute every fingerprint and every link: what was changed, added or taken out since shows."""
    faults: list[str] = []
    signed: dict[int, str] = {}
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        signed[event.pk] = event.fingerprint
        if fingerprint_of(event) != event.fingerprint:
            faults.append(f"Event {event.pk} is not what was recorded.")
    bound: dict[int, list[int]] = {}
    for event_id, number in Sealed.objects.order_by("event_id").values_list("event_id", "seal_id"):
        bound.setdefault(number, []).append(event_id)
    head = ""
    seals = list(Seal.objects.order_by("number"))
    for expected, link in enumerate(seals, start=1):
        faults += _faults_of(link, expected, head, [signed.get(i, "") for i in bound.get(link.number, [])])
        head = link.fingerprint
    return Verdict(len(signed), sum(map(len, bound.values())), len(seals), head, tuple(faults))


def _faults_of(link: Seal, expected: int, head: str, events: list[str]) -> list[str]:
    """Tell what is wrong with one link."""
    if link.number != expected:
        return [f"Seal {expected} is missing: after {expected - 1} comes {link.number}."]
    if link.previous != head:
        return [f"Seal {link.number} does not follow the one before it."]
    if len(events) != link.events:
        return [f"Seal {link.number} binds {link.events:,} events, but {len(events):,} are there."]
    if fingerprint_of_seal(link, events) != link.fingerprint:
        return [f"Seal {link.number} does not fit its events."]
    return []
