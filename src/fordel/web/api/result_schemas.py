"""The shapes of what the pages show of one run beside its areas and practices."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from fordel.web.api.schemas import AreaRow

HELD_BACK = "Missing: held back, since it would tell of few people. Unit: people."


class Overview(Schema):
    """How the person's own area stands, as on the front page."""

    area: AreaRow = Field(description="The person's own area; the nation for national roles.")
    practices: int = Field(description="Practices one sees.")
    open: int = Field(description="Practices that take new patients.")
    missing: int = Field(description="Practices with fewer patients than they may close at.")


class CoverageRow(Schema):
    """How many people of a municipality can choose between open practices."""

    area_id: str
    name: str
    people: int = Field(description="Residents. Unit: people.")
    people_no_choice: int | None = Field(description=f"With none within reach. {HELD_BACK}")
    people_one_choice: int | None = Field(description=f"With one. {HELD_BACK}")
    people_two_choices: int | None = Field(description=f"With two or more. {HELD_BACK}")


class Cause(Schema):
    """What changed one number of an area or a practice: `before` and the four changes give `after`, exactly."""

    table: str = Field(description="`areas` or `practices`.")
    level: str
    known_as: str = Field(description="Id of the area or practice.")
    name: str
    number: str = Field(description="Name of the column.")
    status: str = Field(description="`both`, or whether it is `new` in or `ended` before the later run.")
    before: float
    data: float = Field(description="Changed by the snapshot.")
    parameters: float = Field(description="Changed by values of parameters.")
    rules: float = Field(description="Changed by wordings of rules.")
    geography: float = Field(description="Changed by which areas there are, and which lie in which.")
    after: float


class UsedParameter(Schema):
    """A parameter as a rule of a run got it."""

    name: str
    title: str
    dansk: str
    value: str
    unit: str
    since: date
    source: str
    evidence: str = Field(description="How sure it is: `assumption`, `inferred`, `part` or `seen`.")
    note: str
    set_by: str


class UsedRule(Schema):
    """A rule as a run applied it, with the parameters it read."""

    rule: str
    term: str
    wording: str
    unit: str
    since: date
    source: str
    authority: str
    parameters: list[UsedParameter]


class SourceRecord(Schema):
    """Where tables of the snapshot come from."""

    source_id: str
    tables: str
    title: str
    licence: str
    attribution: str
    vintage: str
    synthetic: bool
    note: str
    note_dansk: str


class FileRecord(Schema):
    """A file with one's own rows."""

    name: str
    title: str
    media_type: str
    address: str = Field(description="Where it can be read with the same key.")


class ComparisonRecord(Schema):
    """Two runs that somebody wanted taken apart, and how far that is."""

    before_id: str
    after_id: str
    state: str
    reason: str = Field(description="Why it was refused; empty where it was not.")
    says: str
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
