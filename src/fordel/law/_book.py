"""The book of dated parameters: read from one TOML per topic, checked as a whole, asked by day and authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fordel.law._parameter import NATION, Authority, DatedValue, Parameter
from fordel.law._reading import read_authority, read_topic
from fordel.law.errors import BadLawFile, UnknownParameter, no_such

if TYPE_CHECKING:
    from datetime import date

    from fordel.law._law import Law

OwnValues = Mapping[str, tuple[DatedValue, ...]]


@dataclass(frozen=True)
class Lawbook:
    """Every dated parameter, and what regions have set for themselves (``overrides``)."""

    parameters: Mapping[str, Parameter]
    authorities: Mapping[str, Authority] = field(default_factory=lambda: {NATION.authority_id: NATION})
    overrides: Mapping[str, OwnValues] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> Lawbook:
        """Read the lawbook that comes with the package."""
        return _shipped()

    @classmethod
    def read(cls, topics: Iterable[Path], regional: Iterable[Path] = ()) -> Lawbook:
        """Read topic files and regional files.

        Raises:
            BadLawFile: gaps in the schema, overlaps, a value without source, an authority that sets what it may
                not or when it may not; every fault of every file is listed.
        """
        faults: list[str] = []
        parameters: dict[str, Parameter] = {}
        for path in topics:
            for parameter in read_topic(path, faults):
                if parameter.name in parameters:
                    other = parameters[parameter.name].full_name
                    faults.append(f"{path.name}: [{parameter.name}] is already {other}; give it another name.")
                parameters[parameter.name] = parameter
        authorities, overrides = _read_authorities(regional, parameters, faults)
        if faults:
            raise BadLawFile("The lawbook is not in order:\n" + "\n".join(f"  {fault}" for fault in faults))
        return cls(parameters, authorities, overrides)

    def on(self, day: date, authority: str = NATION.authority_id) -> Law:
        """Open the book on a day, as it holds for an authority.

        Raises:
            UnknownParameter: no such authority.
            NotInForce: the authority does not exist on that day.
        """
        from fordel.law._law import Law  # noqa: PLC0415 - a Law holds its Lawbook, so one of the two comes late

        return Law(self, day).for_authority(authority)

    def parameter(self, name: str) -> Parameter:
        """Find a parameter by ``topic.name`` or bare name.

        Raises:
            UnknownParameter: with the nearest name that exists.
        """
        bare = name.rpartition(".")[2]
        found = self.parameters.get(bare)
        if found is None or name not in (bare, found.full_name):
            known = [p.full_name for p in self.parameters.values()]
            raise UnknownParameter(no_such("parameter", name, [*known, *self.parameters]))
        return found

    def authority(self, authority_id: str) -> Authority:
        """Find an authority by its id, for example ``region-sjaelland``."""
        if authority_id not in self.authorities:
            raise UnknownParameter(no_such("authority", authority_id, list(self.authorities)))
        return self.authorities[authority_id]

    def as_set_by(self, name: str, authority_id: str) -> Parameter:
        """Give a parameter as it holds for an authority: its own values while it has some, else the state's."""
        parameter = self.parameter(name)
        own = self.overrides.get(authority_id, {}).get(parameter.name)
        return parameter if own is None else replace(parameter, values=_merged(parameter, own))

    def dates_of_change(self) -> list[date]:
        """Every day on which some value or authority starts or ends, oldest first."""
        own = (v.since for of_one in self.overrides.values() for values in of_one.values() for v in values)
        shared = (v.since for p in self.parameters.values() for v in p.values)
        lives = (day for a in self.authorities.values() for day in (a.since, a.until) if day is not None)
        return sorted({*shared, *own, *lives})


def topic_files(package: Path) -> list[Path]:
    """List the topic files of the package: ``<topic>/<topic>.toml``."""
    return sorted(path for path in package.glob("*/*.toml") if path.stem == path.parent.name)


@cache
def _shipped() -> Lawbook:
    package = Path(str(files("fordel")))
    return Lawbook.read(topic_files(package), sorted((package / "law" / "regional").glob("*.toml")))


def _read_authorities(
    paths: Iterable[Path], parameters: Mapping[str, Parameter], faults: list[str]
) -> tuple[dict[str, Authority], dict[str, OwnValues]]:
    authorities: dict[str, Authority] = {NATION.authority_id: NATION}
    overrides: dict[str, OwnValues] = {}
    for path in paths:
        found = read_authority(path, parameters, faults)
        if found is None:
            continue
        authority, own = found
        if authority.authority_id in authorities:
            faults.append(f"{path.name}: {authority.authority_id} has a file already.")
        authorities[authority.authority_id] = authority
        overrides[authority.authority_id] = own
    return authorities, overrides


def _merged(parameter: Parameter, own: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
    """Let an authority's values hold while it has some; before, and after they end, the state's hold.

    Where the state has ended the parameter, it has ended for all.
    """
    merged: list[DatedValue] = []
    for day in sorted({v.since for v in (*parameter.values, *own)}):
        mine = next((v for v in reversed(own) if v.since <= day), None)
        theirs = parameter.latest(day)
        ended = theirs is None or theirs.value is None
        holds = theirs if ended or mine is None or mine.value is None else mine
        if holds is not None and (not merged or not _same(merged[-1], holds)):
            merged.append(replace(holds, since=day) if merged else holds)
    return tuple(merged)


def _same(one: DatedValue, other: DatedValue) -> bool:
    return replace(one, since=other.since) == other
