"""The life of a capacity as a table of moves: from it come the checks, the diagram, the help and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a capacity is in its life (kapacitetens tilstand)."""

    ALLOWED = "allowed"  # room under the ceiling; the capacity itself does not exist yet
    RELEASED = "released"
    ADVERTISED = "advertised"
    AWARDED = "awarded"
    FILLED = "filled"
    VACANT = "vacant"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"

    @property
    def counts(self) -> bool:
        """Whether it counts against the ceiling: from its release until it is taken back."""
        return self not in (State.ALLOWED, State.TAKEN_BACK)

    @property
    def held(self) -> bool:
        """Whether a practice holds it."""
        return self in (State.AWARDED, State.FILLED, State.VACANT)


class Actor(StrEnum):
    """Who may make a move."""

    REGION = "region"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Move:
    """One kind of event: from which states it may start, where it leads, whose move it is.

    Attributes:
        target: the state it leads to; None leaves the state as it is.
        adds: whether it brings a capacity into the area, so that the ceiling must have room.
    """

    origins: tuple[State, ...]
    target: State | None
    actor: Actor
    dansk: str
    adds: bool = False


MOVES: dict[str, Move] = {
    "release": Move((State.ALLOWED,), State.RELEASED, Actor.REGION, "udmønt", adds=True),
    "advertise": Move((State.RELEASED, State.RETURNED), State.ADVERTISED, Actor.REGION, "opslå"),
    "award": Move((State.ADVERTISED,), State.AWARDED, Actor.REGION, "tildel"),
    "lapse": Move((State.AWARDED,), State.RELEASED, Actor.REGION, "bortfald af tildeling"),
    "fill": Move((State.AWARDED, State.VACANT), State.FILLED, Actor.PRACTICE, "besæt"),
    "vacate": Move((State.FILLED,), State.VACANT, Actor.PRACTICE, "bliver ubesat"),
    "return": Move((State.FILLED, State.VACANT, State.AWARDED), State.RETURNED, Actor.PRACTICE, "tilbagelever"),
    "relocate": Move((State.RETURNED, State.FILLED, State.VACANT), None, Actor.REGION, "flyt", adds=True),
    "take_back": Move((State.RETURNED, State.VACANT), State.TAKEN_BACK, Actor.REGION, "hjemtag"),
}
ANNUL = "annul"  # no move: it takes one back that was recorded by mistake


def state_diagram() -> str:
    """Draw the moves as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> allowed"]
    for verb, move in MOVES.items():
        lines += [f"    {origin} --> {move.target or origin}: {verb} ({move.actor})" for origin in move.origins]
    return "\n".join([*lines, "    taken_back --> [*]"])
