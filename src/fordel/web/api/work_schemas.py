"""The shapes of searches, imports and snapshots."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

FEW = "Missing: not known, or held back since it would tell of few people. Unit: people."


class SearchRecord(Schema):
    """A search for the best places, and how far it is."""

    id: int
    run_id: str
    region: str
    capacities: int = Field(description="How many are offered.")
    sites: int | None = Field(description="At most so many places; missing where only capacities limit them.")
    seconds: int
    state: str
    value: float | None = Field(description="What the best plan so far gives of the first goal.")
    bound: float | None = Field(description="No plan gives more.")
    elapsed: float = Field(description="Seconds searched.")
    proven: bool = Field(description="Whether no plan gives more than this one.")
    beyond: int | None = Field(description=f"People whom no place allowed can help. {FEW}")
    says: str = Field(description="Why it was refused.")
    asked_at: datetime
    asked_by: str


class PlaceRow(Schema):
    """One place of a plan, in EPSG:25832, metres."""

    site: str
    kind: str | None = Field(None, description="`cell`, or what kind of place it is.")
    name: str | None
    municipality: str | None = Field(None, description="Kommunekode.")
    area: str | None = Field(None, description="Municipality.")
    easting: float
    northing: float
    capacities: int
    people_in_reach: int | None = Field(None, description=f"Live within reach. {FEW}")
    people_second: int | None = Field(None, description=f"Would lack a second choice without it. {FEW}")
    people_first: int | None = Field(None, description=f"Would lack any choice without it. {FEW}")
    people_lost: int | None = Field(None, description=f"Fewer by the next best place. {FEW}")
    next_best: str | None = Field(None, description="The next best place.")
    need_served: float | None = Field(None, description="Unit: capacities.")
    headroom: float | None = Field(None, description="Of its municipality, or of what binds there. Unit: capacities.")
    headroom_used: int | None = Field(None, description="By the plan. Unit: capacities.")
    robust_mean: float | None = Field(None, description="People with two choices by it, closures at random. Mean.")
    robust_tenth: float | None = Field(None, description="The same, in the worst tenth of cases.")
    turn: int | None = Field(None, description="In which order it is opened.")
    month: int | None = Field(None, description="In which month, where capacities come about over time.")


class GoalRow(Schema):
    """What a plan gives of a goal."""

    goal: str
    unit: str
    value: float | None = Field(description="Missing: held back.")
    bound: float | None = Field(None, description="No plan gives more; missing where it was not asked for.")
    proven: bool | None = Field(None, description="Whether no plan gives more than this one.")


class SearchPlan(SearchRecord):
    """A search with the places of its plan and what it gives of every goal; none before it is done."""

    plan: list[PlaceRow]
    goals: list[GoalRow]


class UploadRecord(Schema):
    """A file of an import."""

    kind: str
    name: str
    size: int = Field(description="Unit: bytes.")
    sha256: str


class DifferenceRecord(Schema):
    """How many rows of a table an import changes. The rows themselves are on the page alone."""

    table: str
    new: int
    changed: int
    removed: int
    same: int


class FaultRecord(Schema):
    """Why an import was refused, as its page says it."""

    file: str
    rows: str
    column: str
    found: str
    expected: str
    remedy: str


class ImportRecord(Schema):
    """Files that somebody wanted in place of tables of a snapshot."""

    id: int
    state: str
    region: str = Field(description="Where given, only practices of this region may differ.")
    base: str = Field(description="Fingerprint of the snapshot they change.")
    snapshot: str | None = Field(description="Fingerprint of the snapshot that came of it.")
    made_at: datetime
    made_by: str
    files: list[UploadRecord]
    differences: list[DifferenceRecord]
    faults: list[FaultRecord]


class SnapshotRecord(Schema):
    """A snapshot runs can be made from."""

    fingerprint: str
    name: str
    day: date
    synthetic: bool = Field(description="Whether any source is made up.")
    added_at: datetime
    added_by: str
    withdrawn_at: datetime | None = Field(description="When the import it came from was undone.")
