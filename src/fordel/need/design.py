"""The design of a need model: which characteristics explain use, declared in a model file with sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property


class NeedError(Exception):
    """A need model cannot be declared, fitted or applied; the message lists every fault."""


class Family(StrEnum):
    """How use varies round its mean."""

    POISSON = "poisson"  # quasi-Poisson: variance proportional to the mean
    NB2 = "nb2"  # negative binomial: variance mean + alpha mean²
    GAUSSIAN = "gaussian"  # the traditional linear risk adjustment
    GAMMA = "gamma"  # quasi-gamma: variance proportional to mean², for fees
    TWO_PART = "two_part"  # logistic for any use, quasi-Poisson for how much among users


class Link(StrEnum):
    """How characteristics work together: they multiply (log) or add (identity)."""

    LOG = "log"
    IDENTITY = "identity"


class Missing(StrEnum):
    """What is done with a citizen whose characteristic is missing."""

    EXCLUDE = "exclude"  # left out of the fit, and counted
    LEVEL = "level"  # a level of its own


@dataclass(frozen=True)
class Level:
    """One level of a characteristic.

    Attributes:
        name: in coefficient tables.
        dansk: in what users read.
        code: value in the citizen table; none for a band of a number.
    """

    name: str
    dansk: str
    code: int | None = None


MISSING_LEVEL = Level("missing", "uoplyst")


@dataclass(frozen=True)
class Covariate:
    """A characteristic (kendetegn) of citizens.

    Attributes:
        name: in coefficient tables.
        dansk: in what users read.
        column: of the citizen table.
        levels: in the order of the model file; none for a linear characteristic.
        breaks: where bands of a number begin, the first excepted; none unless banded. Unit: that of the column.
        reference: index of the level the others are compared with.
        least, most: values outside are unknown.
        missing: what is done when it is missing.
        supply: describes supply, so it enters the fit and is set to the national mean when weighing.
        ridge: penalty on the squares of its coefficients; 0 is none.
        in_fit: false: only kept in the cells, for a balance constraint.
        source: why it is in the model.
    """

    name: str
    dansk: str
    column: str
    levels: tuple[Level, ...] = ()
    breaks: tuple[int, ...] = ()
    reference: int = 0
    least: int | None = None
    most: int | None = None
    missing: Missing = Missing.EXCLUDE
    supply: bool = False
    ridge: float = 0.0
    in_fit: bool = True
    source: str = ""

    @property
    def linear(self) -> bool:
        """Whether its value, not its level, enters the fit."""
        return not self.levels

    @property
    def fitted_levels(self) -> tuple[Level, ...]:
        """Levels that can have a coefficient; a missing level comes last."""
        own = self.missing is Missing.LEVEL and not self.linear
        return (*self.levels, MISSING_LEVEL) if own else self.levels

    @property
    def missing_code(self) -> int:
        """Cell code of a missing value."""
        return len(self.levels)

    @property
    def unknown_code(self) -> int:
        """Cell code of a value that is no level and in no band."""
        return len(self.levels) + 1

    @property
    def radix(self) -> int:
        """How many cell codes there are."""
        return 3 if self.linear else len(self.levels) + 2


@dataclass(frozen=True)
class Balance:
    """A named group whose fitted use must equal its observed use, so that it is not under-compensated."""

    covariate: str
    level: str


@dataclass(frozen=True)
class Equality:
    """A linear constraint on coefficients: the weighted sum of the named terms equals a value."""

    weights: tuple[tuple[str, float], ...]
    equals: float = 0.0


@dataclass(frozen=True)
class Design:
    """A need model, before it is fitted (behovsmodel).

    Attributes:
        name: short name, of files and tables.
        title, dansk: for people.
        outcome: column of use: whole numbers.
        unit, unit_dansk: of expected use; without a Danish one Danish pages show the English.
        covariates: characteristics, in the order of the model file.
        interactions: pairs of covariates whose levels also work together.
        family, link: how use varies, and how characteristics work together.
        exposure: column of time at risk, whole numbers; none: every row counts once.
        full_exposure: the exposure of a whole year.
        practice: column of the practice, for clustered errors; none: none.
        balances, equalities: constraints.
        fewest: a level with fewer citizens and no ridge is refused.
        most_excluded: share of rows that may be left out before the fit is refused.
        source: what the model rests on.
    """

    name: str
    title: str
    dansk: str
    outcome: str
    unit: str
    covariates: tuple[Covariate, ...]
    interactions: tuple[tuple[str, str], ...] = ()
    family: Family = Family.POISSON
    link: Link = Link.LOG
    exposure: str | None = None
    full_exposure: int = 1
    practice: str | None = None
    balances: tuple[Balance, ...] = ()
    equalities: tuple[Equality, ...] = ()
    fewest: int = 5
    most_excluded: float = 0.2
    source: str = ""
    unit_dansk: str | None = None

    @cached_property
    def categorical(self) -> tuple[Covariate, ...]:
        """Covariates with levels."""
        return tuple(c for c in self.covariates if not c.linear)

    @cached_property
    def linear(self) -> tuple[Covariate, ...]:
        """Covariates whose value enters."""
        return tuple(c for c in self.covariates if c.linear)

    @property
    def exposure_in_key(self) -> bool:
        """Whether cells must hold one exposure only for the fit to be exact."""
        return self.exposure is not None and self.family in (Family.NB2, Family.TWO_PART)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the citizen table that the model reads."""
        named = [self.outcome, self.exposure, self.practice, *(c.column for c in self.covariates)]
        return tuple(dict.fromkeys(name for name in named if name))

    def covariate(self, name: str) -> Covariate:
        """Give a covariate by name.

        Raises:
            NeedError: there is none of that name.
        """
        for covariate in self.covariates:
            if covariate.name == name:
                return covariate
        known = ", ".join(c.name for c in self.covariates)
        raise NeedError(f"The model {self.name} has no covariate {name!r}; it has {known}.")

    def without(self, *names: str) -> Design:
        """Give the same model without some covariates and all that names them.

        Raises:
            NeedError: one of them is not in the model.
        """
        for name in names:
            self.covariate(name)
        return replace(
            self,
            covariates=tuple(c for c in self.covariates if c.name not in names),
            interactions=tuple(pair for pair in self.interactions if not set(pair) & set(names)),
            balances=tuple(b for b in self.balances if b.covariate not in names),
        )

    def without_supply(self) -> Design:
        """Give the naive model: the same without supply."""
        return self.without(*(c.name for c in self.covariates if c.supply))

    def with_family(self, family: Family, link: Link = Link.LOG) -> Design:
        """Give the same model with another family and link."""
        return replace(self, family=family, link=link)
