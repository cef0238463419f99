"""Lists that are split, merged, moved or given other capacities within the year (opsplitning, sammenlægning).

Patients, weighted patients and capacities are kept as exact fractions: what one practice loses another gets, to the
last patient, so that a split followed by a merger gives back the practice there was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from fordel.law import Law, LawError, rule
from fordel.minimum.rules import indicative_minimum, practice_minimum


@dataclass(frozen=True)
class SplitParams:
    """How the minimum of a part is found."""

    split_minimum: str


@dataclass(frozen=True)
class PatientList:
    """A practice's list and capacities (patientliste).

    Attributes:
        practice_id: ydernummer, or what a new practice is called.
        capacities: capacities held; halves are exact.
        patients: group-1 citizens on the list.
        weighted_patients: the same, each counted with its need weight; exact.
    """

    practice_id: str
    capacities: Fraction
    patients: int
    weighted_patients: Fraction

    @property
    def mean_weight(self) -> Fraction | None:
        """Mean need weight of the list; None for an empty one."""
        return self.weighted_patients / self.patients if self.patients else None


@dataclass(frozen=True)
class Part:
    """What one new practice gets when a practice is split.

    Attributes:
        practice_id: what it is called.
        capacities: capacities it gets.
        patients: patients it gets.
        mean_weight: their mean need weight; None where it is not known: then these patients are taken to be like the
            others whose weight is not known.
    """

    practice_id: str
    capacities: Fraction
    patients: int
    mean_weight: Fraction | None = None


def split(whole: PatientList, parts: Sequence[Part]) -> list[PatientList]:
    """Split a practice (opsplitning) so that nothing is lost and nothing comes from nowhere.

    Raises:
        LawError: the parts do not add up to the practice; every sum that is wrong is named.
    """
    _check_sums(whole, parts)
    known = sum((p.patients * p.mean_weight for p in parts if p.mean_weight is not None), Fraction(0))
    unknown = sum(p.patients for p in parts if p.mean_weight is None)
    rest = whole.weighted_patients - known
    if rest < 0 or (rest > 0 and not unknown):
        raise LawError(
            f"The parts of {whole.practice_id} have {float(known):,.3f} weighted patients, the practice "
            f"{float(whole.weighted_patients):,.3f}.\n  Try: leave out the mean weight of one part; it gets the rest"
        )
    weighted = [p.patients * (rest / unknown if p.mean_weight is None else p.mean_weight) if p.patients else Fraction(0)
                for p in parts]  # fmt: skip
    return [PatientList(p.practice_id, p.capacities, p.patients, w) for p, w in zip(parts, weighted, strict=True)]


def merge(practice_id: str, lists: Sequence[PatientList]) -> PatientList:
    """Merge practices (sammenlægning): the sum of all they have.

    Raises:
        LawError: fewer than two practices, or one named twice.
    """
    names = [one.practice_id for one in lists]
    if len(set(names)) < max(2, len(names)):
        raise LawError(f"A merger needs two or more different practices; found {', '.join(names) or 'none'}.")
    return PatientList(
        practice_id,
        sum((one.capacities for one in lists), Fraction(0)),
        sum(one.patients for one in lists),
        sum((one.weighted_patients for one in lists), Fraction(0)),
    )


def move(giver: PatientList, taker: PatientList, moved: Part) -> tuple[PatientList, PatientList]:
    """Move capacities and patients from one practice to another. Patients move by their own choice alone.

    Raises:
        LawError: the giver has not so much to give.
    """
    rest = Part(giver.practice_id, giver.capacities - moved.capacities, giver.patients - moved.patients)
    stays, goes = split(giver, [rest, moved])
    return stays, merge(taker.practice_id, [taker, replace(goes, practice_id=f"{taker.practice_id} (moved)")])


def change_capacities(held: PatientList, capacities: Fraction) -> PatientList:
    """Give a practice another number of capacities; its list stays what it is.

    Raises:
        LawError: the number is negative.
    """
    if capacities < 0:
        raise LawError(f"{held.practice_id} cannot hold {float(capacities):g} capacities; give 0 or more.")
    return replace(held, capacities=capacities)


def _check_sums(whole: PatientList, parts: Sequence[Part]) -> None:
    faults = []
    if len({p.practice_id for p in parts}) < max(2, len(parts)):
        faults.append("give two or more parts, each with a name of its own")
    if any(p.patients < 0 or p.capacities < 0 for p in parts):
        faults.append("no part can have fewer than 0 patients or capacities")
    if any(p.mean_weight is not None and p.mean_weight <= 0 for p in parts):
        faults.append("a mean weight is above 0")
    patients, capacities = sum(p.patients for p in parts), sum((p.capacities for p in parts), Fraction(0))
    if patients != whole.patients:
        faults.append(f"the parts have {patients:,} patients, the practice {whole.patients:,}")
    if capacities != whole.capacities:
        faults.append(f"the parts have {float(capacities):g} capacities, the practice {float(whole.capacities):g}")
    if faults:
        raise LawError(f"{whole.practice_id} cannot be split so:\n" + "\n".join(f"  {fault}" for fault in faults))


@rule(
    source="Assumption: no mechanism exists; Danske Regioner asked the ministry for one (høringssvar, June 2025)",
    unit="patients / capacity",
    since="2025-07-01",
    implements=("R29",),
)
def part_minimum(p: SplitParams, minimum_of_own_list: pl.Expr, minimum_before: pl.Expr) -> pl.Expr:
    """Minimum per capacity of a practice that came about within the year (opsplitning).

    From its own new list, by the same formula as every other; or, where the parameter says so, the minimum of the
    practice it came from until the year ends.

    A practice with an empty list keeps the minimum before in both cases.
    """
    if p.split_minimum == "from_each_new_list":
        return pl.coalesce(minimum_of_own_list, minimum_before)
    if p.split_minimum == "as_before":
        return minimum_before
    raise LawError(f"minimum.split_minimum is {p.split_minimum!r}; use from_each_new_list or as_before.")


def new_minimums(law: Law, lists: Sequence[PatientList], minimum_before: int | None) -> pl.DataFrame:
    """Give the minimums of practices that came about within the year.

    Args:
        law: the law of the day.
        lists: the practices after the change.
        minimum_before: minimum per capacity of the practice they came from; None where there is none.

    Returns:
        ``practice_id, capacities, patients, weighted_patients, mean_weight, minimum_per_capacity, practice_minimum``.
    """
    rows = [(one.practice_id, float(one.capacities), one.patients, float(one.weighted_patients)) for one in lists]
    shape = {"practice_id": pl.String, "capacities": pl.Float64, "patients": pl.Int64, "weighted_patients": pl.Float64}
    frame = pl.DataFrame(rows, shape, orient="row").with_columns(before=pl.lit(minimum_before, pl.Int64))
    frame = frame.with_columns(
        mean_weight=pl.when(pl.col("patients") > 0).then(pl.col("weighted_patients") / pl.col("patients"))
    )
    own = law.apply(indicative_minimum, pl.col("mean_weight"))
    frame = frame.with_columns(minimum_per_capacity=law.apply(part_minimum, own, pl.col("before")))
    whole = law.apply(practice_minimum, pl.col("minimum_per_capacity"), pl.col("capacities"))
    return frame.with_columns(practice_minimum=whole).drop("before")
