"""Read a model file (modelfil): the design of a need model in TOML, checked as a whole."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fordel.need.design import Balance, Covariate, Design, Equality, Family, Level, Link, Missing, NeedError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

_TEXTS = ("name", "title", "dansk", "outcome", "unit", "source")
_OTHERS = ("unit_dansk", "family", "link", "exposure", "full_exposure", "practice", "fewest", "most_excluded")
_TABLES = ("covariates", "interactions", "balances", "equalities")
_OF_COVARIATE = (
    "dansk",
    "column",
    "levels",
    "breaks",
    "reference",
    "least",
    "most",
    "missing",
    "supply",
    "ridge",
    "in_fit",
    "source",
)


def default_model() -> Design:
    """Give the model that ships with Fordel: ``need/need_model.toml``."""
    return _read(files("fordel.need").joinpath("need_model.toml"), "need_model.toml")


def read_model(path: Path) -> Design:
    """Read a model file.

    Raises:
        NeedError: with every fault of the file, each with its place.
    """
    return _read(path, str(path))


def _read(path: Path | Traversable, shown: str) -> Design:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise NeedError(f"The model file {shown} cannot be read: {fault}. A model file is TOML in UTF-8.") from None
    faults = _faults(found)
    if faults:
        raise NeedError("\n".join([f"The model file {shown} has {len(faults)} fault(s):", *(f"  {f}" for f in faults)]))
    return design_of(found)


def _faults(found: dict[str, Any]) -> list[str]:
    faults = [f"{name}: missing; give a text." for name in _TEXTS if not isinstance(found.get(name), str)]
    faults += _strangers(found, (*_TEXTS, *_OTHERS, *_TABLES), "")
    faults += _choice(found, "family", Family) + _choice(found, "link", Link)
    covariates = found.get("covariates", {})
    if not covariates:
        faults.append("covariates: none; give at least one [covariates.<name>].")
    for name, entry in covariates.items():
        faults += [f"covariates.{name}: {fault}" for fault in _covariate_faults(entry)]
    return faults + _naming_faults(found, covariates)


def _covariate_faults(entry: dict[str, Any]) -> list[str]:
    faults = _strangers(entry, _OF_COVARIATE, "") + _choice(entry, "missing", Missing)
    faults += [f"{key} is missing; give a text." for key in ("dansk", "column", "source") if not entry.get(key)]
    if "levels" in entry and "breaks" in entry:
        faults.append("both levels and breaks; give one of them, or neither for a number that enters as it is.")
    breaks = entry.get("breaks", [])
    if any(later <= earlier for earlier, later in pairwise(breaks)):
        faults.append(f"breaks must rise; found {breaks}.")
    levels = entry.get("levels", [])
    if any({"code", "name", "dansk"} - set(level) for level in levels):
        return [*faults, "each level needs code, name and dansk."]
    for key in ("code", "name"):
        values = [level[key] for level in levels]
        faults += [f"two levels have the {key} {v}." for v in sorted({v for v in values if values.count(v) > 1})]
    names = [level["name"] for level in levels] or list(_band_names(entry))
    if names and entry.get("reference", names[0]) not in names:
        faults.append(f"reference {entry['reference']!r} is no level; levels are {', '.join(names)}.")
    return faults


def _naming_faults(found: dict[str, Any], covariates: dict[str, Any]) -> list[str]:
    named = [("interactions", name) for pair in found.get("interactions", []) for name in pair]
    named += [("balances", entry.get("covariate")) for entry in found.get("balances", [])]
    faults = [f"{place}: {name!r} is no covariate of this file." for place, name in named if name not in covariates]
    pairs = found.get("interactions", [])
    faults += [f"interactions: {pair} must name two covariates." for pair in pairs if len(set(pair)) != 2]
    return faults


def _strangers(entry: dict[str, Any], known: tuple[str, ...], place: str) -> list[str]:
    return [f"{place}{key} is not known; known are {', '.join(known)}." for key in entry if key not in known]


def _choice(entry: dict[str, Any], key: str, kinds: type[Family | Link | Missing]) -> list[str]:
    if key not in entry or entry[key] in list(kinds):
        return []
    return [f"{key} is {entry[key]!r}; it must be one of {', '.join(kinds)}."]


def as_file(design: Design) -> dict[str, Any]:
    """Give a design as its model file holds it; ``design_of`` gives the design back."""
    found: dict[str, Any] = {name: getattr(design, name) for name in (*_TEXTS, *_OTHERS)}
    found["covariates"] = {c.name: _entry(c) for c in design.covariates}
    found["interactions"] = [list(pair) for pair in design.interactions]
    found["balances"] = [{"covariate": b.covariate, "level": b.level} for b in design.balances]
    found["equalities"] = [{"weights": dict(e.weights), "equals": e.equals} for e in design.equalities]
    return {name: value for name, value in found.items() if value is not None and value != []}


def _entry(covariate: Covariate) -> dict[str, Any]:
    entry = {key: getattr(covariate, key) for key in _OF_COVARIATE if key not in ("levels", "breaks", "reference")}
    if covariate.breaks:
        entry["breaks"] = list(covariate.breaks)
    elif covariate.levels:
        entry["levels"] = [{"code": level.code, "name": level.name, "dansk": level.dansk} for level in covariate.levels]
    if covariate.levels:
        entry["reference"] = covariate.levels[covariate.reference].name
    return {key: value for key, value in entry.items() if value is not None}


def design_of(found: dict[str, Any]) -> Design:
    """Give the design that the content of a model file declares."""
    return Design(
        **{name: found[name] for name in _TEXTS},
        **{name: found[name] for name in _OTHERS if name in found and name not in ("family", "link")},
        covariates=tuple(_covariate(name, entry) for name, entry in found["covariates"].items()),
        interactions=tuple((one, other) for one, other in found.get("interactions", [])),
        family=Family(found.get("family", "poisson")),
        link=Link(found.get("link", "log")),
        balances=tuple(Balance(b["covariate"], b["level"]) for b in found.get("balances", [])),
        equalities=tuple(
            Equality(tuple(e["weights"].items()), float(e.get("equals", 0))) for e in found.get("equalities", [])
        ),
    )


def _covariate(name: str, entry: dict[str, Any]) -> Covariate:
    names = _band_names(entry)
    levels = tuple(Level(level["name"], level["dansk"], level["code"]) for level in entry.get("levels", []))
    levels = levels or tuple(Level(band, band) for band in names)
    known = [level.name for level in levels]
    plain = {
        key: entry[key] for key in ("dansk", "column", "least", "most", "supply", "in_fit", "source") if key in entry
    }
    return Covariate(
        name=name,
        levels=levels,
        breaks=tuple(entry.get("breaks", ())),
        reference=known.index(entry["reference"]) if "reference" in entry else 0,
        missing=Missing(entry.get("missing", "exclude")),
        ridge=float(entry.get("ridge", 0)),
        **plain,
    )


def _band_names(entry: dict[str, Any]) -> tuple[str, ...]:
    """Name bands by what they hold: breaks 2, 5, 6 give 0-1, 2-4, 5, 6+."""
    breaks = list(entry.get("breaks", ()))
    if not breaks:
        return ()
    starts = [int(entry.get("least", 0)), *breaks]
    closed = [f"{a}-{b - 1}" if b > a + 1 else str(a) for a, b in zip(starts, breaks, strict=False)]
    return (*closed, f"{starts[-1]}+")
