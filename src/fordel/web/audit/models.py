"""Events, and the seals that bind them into a chain. The database refuses to change or delete any of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One thing done or read. No foreign keys: what it tells of may go, the event stays.

    Attributes:
        at: when, by the clock of the server.
        who, acting_for: user name, and on whose behalf where not on their own.
        what: the verb, for example ``run.made``.
        kind, known_as: what it was done to.
        old, new: what changed, where something did.
        ground: why, in the words of who did it.
        fingerprint: HMAC-SHA-256 over all of the above, with a key that is not in the database.
    """

    at = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=150)
    acting_for = models.CharField(max_length=150, blank=True)
    what = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    known_as = models.CharField(max_length=200)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    ground = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "known_as"], name="event_of")]


class Seal(models.Model):
    """One link of the chain: binds all events that were not yet sealed, and the seal before it.

    Attributes:
        number: 1, 2, 3 and so on, without gaps.
        events: how many it binds.
        fingerprint: HMAC-SHA-256 over number, moment, the events' fingerprints in order, and the seal before.
    """

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    events = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64)


class Sealed(models.Model):
    """Which seal binds an event."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="sealed")
