"""The shapes of what programs read. Rows of runs are described by the same file as pages and exports."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ninja import Router, Schema
from pydantic import Field, create_model

from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Callable

View = TypeVar("View", bound="Callable[..., Any]")


def _row_of(table: str, title: str) -> type[Schema]:
    """Make the shape of a row of a table of runs. Every value may be missing: unknown, or held back."""
    fields: dict[str, Any] = {}
    for column in columns()[table].values():
        kind: Any = str if column.decimals is None else int | float
        if column.unit == "yes or no":
            kind = bool
        told = column.description + (f" Unit: {column.unit}." if column.unit else "")
        fields[column.name] = (kind | None, Field(None, title=column.label, description=told))
    return create_model(title, __base__=Schema, **fields)


AreaRow: Any = _row_of("areas", "Area")
PracticeRow: Any = _row_of("practices", "Practice")


class Problem(Schema):
    """Why there is no answer."""

    detail: str = Field(description="What is wrong, in a sentence.")
    where: list[str] = Field(default_factory=list, description="Which parts of the request are wrong.")


def reads(router: Router, address: str, shape: Any, name: str, title: str) -> Callable[[View], View]:
    """Let a function answer at an address: with the shape, or with why there is no answer."""
    answers = {200: shape, (401, 403, 404, 422): Problem}
    return router.get(address, response=answers, url_name=name, summary=title)


class RunRecord(Schema):
    """A finished run."""

    run_id: str
    law_date: date
    profession: str
    snapshot: str = Field(description="Fingerprint of the snapshot.")
    snapshot_name: str
    snapshot_date: date
    synthetic: bool = Field(description="Whether any source of the snapshot is made up.")
    version: str
    total: int = Field(description="Capacities apportioned over the nation.")
    total_given: bool
    settings: dict[str, Any] = Field(description="Parameters set for this run alone.")
    made_at: datetime
    made_by: str


class Step(Schema):
    """One number of an explanation, and the numbers it rests on."""

    column: str
    label: str
    unit: str
    value: bool | int | float | str | None
    shown: str
    says: str
    arithmetic: str
    rule: str | None
    rests_on: list[Step]


class Explanation(Schema):
    """Why the numbers of an area or a practice are what they are."""

    known_as: str
    name: str
    question: str
    answer: str
    synthetic: bool
    steps: list[Step]


class Change(Schema):
    """How one number of an area changed from one run to another."""

    area_id: str
    name: str
    level: str
    number: str
    before: float
    change: float
    after: float


class Settlement(Schema):
    """A city, town, village or suburb."""

    settlement_id: int
    name: str
    kind: str
    municipality: str
    easting: float
    northing: float


class Changed(Schema):
    """People of a municipality who can choose between more or fewer practices; missing: held back."""

    area_id: str
    name: str
    two_to_one: int | None
    two_to_none: int | None
    one_to_none: int | None
    none_to_one: int | None
    none_to_two: int | None
    one_to_two: int | None


class Taker(Schema):
    """A practice that takes patients over; missing: held back. One that opens has no id but its settlement's name."""

    practice_id: str
    name: str
    taken: int | None
    left: int | None
    mean_km: float | None


class WhatIf(Schema):
    """What closing and opening practices does; missing: held back, since it would tell of few people."""

    closed: list[str]
    opened: list[int]
    displaced: int
    stranded: int | None
    below_two: int | None
    to_none: int | None
    from_none: int | None
    to_two: int | None
    changed: list[Changed]
    takers: list[Taker]
    stated: int = Field(description="Open practices that have stated the most patients they will have.")
    assumed: int = Field(description="Open practices for which that is assumed.")
    least: int = Field(description="The least count of people above 0 that is shown.")


class DatedValue(Schema):
    """A value of a parameter from a day on."""

    since: date
    value: Any
    source: str
    evidence: str
    note: str
    set_by: str


class ParameterRecord(Schema):
    """A parameter of the law book."""

    name: str
    title: str
    dansk: str
    unit: str
    in_force: DatedValue | None = Field(description="As it stands on the day; missing where it is not in force.")
    following: DatedValue | None = Field(description="What replaces it.")


class DueStep(Schema):
    """A step of the year, and when it is due next."""

    due: date
    text: str
    source: str


class JobRecord(Schema):
    """A run somebody asked for."""

    id: int
    law_date: date
    state: str
    step: int
    steps: int
    says: str
    attempts: int
    asked_at: datetime
    asked_by: str
    run_id: str | None
    repeats_id: str | None = Field(description="The run it makes again; missing where it makes a new one.")


class EventRecord(Schema):
    """An event of the audit log."""

    id: int
    at: datetime
    who: str
    acting_for: str
    what: str
    kind: str
    known_as: str
    old: Any
    new: Any
    ground: str
    fingerprint: str
