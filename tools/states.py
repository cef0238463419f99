"""The page on the life of a capacity: its states drawn and listed, from the table of moves that the code obeys."""

from __future__ import annotations

from collections.abc import Iterator

from fordel.casework.moves import MOVES, Actor, State

# Where each state stands, in columns and rows; everything else comes from the moves.
PLACES = {
    State.ALLOWED: (0, 0),
    State.RELEASED: (1, 0),
    State.ADVERTISED: (2, 0),
    State.AWARDED: (3, 0),
    State.TAKEN_BACK: (0, 1),
    State.RETURNED: (1, 1),
    State.VACANT: (2, 1),
    State.FILLED: (3, 1),
}
WIDE, HIGH, COLUMN, ROW, LEFT, TOP = 112, 36, 200, 150, 70, 80
BENDS = {
    (State.AWARDED, State.RELEASED): -85,
    (State.FILLED, State.RETURNED): 130,
    (State.VACANT, State.TAKEN_BACK): 90,
    (State.VACANT, State.FILLED): -22,
    (State.FILLED, State.VACANT): 22,
}
MEANING = {
    State.ALLOWED: "There is room under the ceiling; the capacity itself does not exist yet.",
    State.RELEASED: "The region has decided on it and placed it.",
    State.ADVERTISED: "Doctors can apply for it.",
    State.AWARDED: "A practice has got it and is to fill it.",
    State.FILLED: "One or more doctors fill it.",
    State.VACANT: "A practice holds it and nobody fills it.",
    State.RETURNED: "The practice gave it back; the region may advertise it anew.",
    State.TAKEN_BACK: "The region has taken it back; it is no more.",
}


def capacity_states() -> str:
    """The states of a capacity and the moves between them."""
    moves = "\n".join(
        f"| `{verb}` | *{m.dansk}* | {_listed(m.origins)} | {_word(m.target or 'the same')} | {m.actor} "
        f"| {'yes' if m.adds else ''} |"
        for verb, m in MOVES.items()
    )
    states = "\n".join(
        f"| {_word(s)} | {MEANING[s]} | {'yes' if s.counts else 'no'} | {'yes' if s.held else 'no'} |" for s in State
    )
    return f"""# The life of a capacity

From the ceiling to the last day. Solid arrows are the region's moves, dashed ones a practice's. A capacity that is
marked with a round arrow may be relocated as it is.

{_drawing()}

## States

| State | What it means | Counts against the ceiling | A practice holds it |
| --- | --- | --- | --- |
{states}

## Moves

A move that starts from another state is refused. One that needs room is refused where the area whose ceiling binds
is full.

| Move | Danish | From | To | Whose move | Needs room under the ceiling |
| --- | --- | --- | --- | --- | --- |
{moves}
| `annul` | *annullér* | any | as if it had not been | region | if capacities grow by it |
"""


def _drawing() -> str:
    """Draw the diagram as SVG in the colours of the page; no blank lines, so that Markdown leaves it alone."""
    parts = [*_arrows(), *(_box(state) for state in State)]
    marker = (
        '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker>'
    )
    style = "max-width:100%;height:auto;font:14px sans-serif"
    named = ", ".join(
        f"{verb} from {_listed(m.origins)} to {_word(m.target or 'the same')}" for verb, m in MOVES.items()
    )
    head = f'<svg viewBox="0 0 740 350" style="{style}" role="img" aria-label="{named}"><defs>{marker}</defs>'
    return "\n".join([head, *parts, "</svg>"])


def _arrows() -> Iterator[str]:
    for verb, move in MOVES.items():
        dash = ' stroke-dasharray="5 4"' if move.actor is Actor.PRACTICE else ""
        for origin in move.origins:
            if move.target is not None:
                yield _arrow(origin, move.target, verb, dash)


def _arrow(origin: State, target: State, verb: str, dash: str) -> str:
    """Draw one arrow from edge to edge, bent where another one would lie in its way."""
    (x0, y0), (x1, y1) = _middle(origin), _middle(target)
    bend = BENDS.get((origin, target), 0)
    across, down = x1 - x0, y1 - y0
    if down == 0 and abs(bend) < HIGH:  # side by side: leave and reach the sides, above one another
        side = WIDE / 2 if across > 0 else -WIDE / 2
        start, end = (x0 + side, y0 + bend / 2), (x1 - side, y1 + bend / 2)
    elif down == 0:  # over or under what lies between
        edge = HIGH / 2 if bend > 0 else -HIGH / 2
        start, end = (x0, y0 + edge), (x1 + (12 if across < 0 else -12), y1 + edge)
    else:
        edge = HIGH / 2 if down > 0 else -HIGH / 2
        lean = 0 if across == 0 else (30 if across > 0 else -30)
        start, end = (x0 + lean, y0 + edge), (x1 - lean, y1 - edge)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + bend)
    label = ((start[0] + 2 * middle[0] + end[0]) / 4, (start[1] + 2 * middle[1] + end[1]) / 4 - 4)
    path = f"M{start[0]:g} {start[1]:g}Q{middle[0]:g} {middle[1]:g} {end[0]:g} {end[1]:g}"
    line = f'<path d="{path}" fill="none" stroke="currentColor" marker-end="url(#tip)"{dash}/>'
    return f"{line}{_text(*label, _word(verb), halo=True)}"


def _box(state: State) -> str:
    x, y = _middle(state)
    fill = ' fill-opacity="0.12" fill="currentColor"' if state.counts else ' fill="none" stroke-dasharray="2 3"'
    size = f'width="{WIDE}" height="{HIGH}" rx="6" stroke="currentColor"'
    box = f'<rect x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}" {size}{fill}/>'
    stays = " ↻" if any(state in m.origins for m in MOVES.values() if m.target is None) else ""
    return box + _text(x, y + 5, _word(state) + stays)


def _text(x: float, y: float, words: str, *, halo: bool = False) -> str:
    around = ' stroke="var(--md-default-bg-color)" stroke-width="5" paint-order="stroke"' if halo else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="currentColor"{around}>{words}</text>'


def _middle(state: State) -> tuple[float, float]:
    column, row = PLACES[state]
    return LEFT + column * COLUMN, TOP + row * ROW


def _listed(states: tuple[State, ...]) -> str:
    return ", ".join(_word(state) for state in states)


def _word(name: str) -> str:
    return str(name).replace("_", " ")
