"""Numbers that regions and papers have published, got again through the shipped rules and parameters."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from fordel.allocation import grant_eligible, headroom, treatment_need
from fordel.law import Law, Lawbook
from fordel.minimum import indicative_minimum
from fordel.plan import make_plan
from fordel.professions import GP
from fordel.tables import AGE_GROUPS, SEXES, Tables
from small_country import small_country_frames

REGION_H = "region-hovedstaden"
DAY_H = date(2025, 9, 23)


def column(law: Law, rule: object, **given: list[float]) -> list[float]:
    frame = pl.DataFrame(given)
    applied: pl.Expr = law.apply(rule, *(pl.col(name) for name in given))  # type: ignore[arg-type]
    return frame.select(applied.alias("got"))["got"].to_list()


def councils_of_hovedstaden(differences: dict[str, int]) -> Tables:
    """Four health councils of one municipality each, all citizens alike; 100 capacities are held in each.

    So the need of a council is 100 plus the difference that Region Hovedstaden printed for it.
    """
    frames = small_country_frames()
    always = date(1970, 4, 1)
    codes = {council: f"010{number}" for number, council in enumerate(differences, start=1)}
    people = {codes[council]: 1600 * (100 + difference) for council, difference in differences.items()}
    areas = [("dk", "nation", "Danmark"), (REGION_H, "region", "Region Hovedstaden")]
    areas += [(council, "health_council", council) for council in codes]
    areas += [(code, "municipality", f"Kommune i {council}") for council, code in codes.items()]
    parts = [(code, "municipality", council, "health_council") for council, code in codes.items()]
    parts += [(code, "municipality", REGION_H, "region") for code in codes.values()]
    parts += [(council, "health_council", REGION_H, "region") for council in codes]
    frames["areas"] = pl.DataFrame(
        [(*area, always, None) for area in areas],
        {"area_id": str, "level": str, "name": str, "valid_from": pl.Date, "valid_until": pl.Date},
        orient="row",
    )
    frames["area_parts"] = pl.DataFrame(
        [(*part, always, None) for part in parts],
        dict.fromkeys(("part_id", "part_level", "whole_id", "whole_level"), str)
        | {"valid_from": pl.Date, "valid_until": pl.Date},
        orient="row",
    )
    frames["area_shapes"] = pl.DataFrame(
        {"municipality": list(people), "geometry": [frames["area_shapes"]["geometry"][0]] * len(people)}
    )
    frames |= people_of(people)
    return Tables.of("Region Hovedstaden, made up around its differences", DAY_H, **frames)


def people_of(people: dict[str, int]) -> dict[str, pl.DataFrame]:
    """The tables that count people: all of one group, on the list of one practice, in one cell of each municipality."""
    group = {"sex": SEXES[0], "age_group": AGE_GROUPS[0]}
    practice = {"easting": 700_000.0, "northing": 6_175_000.0, "landmass": "fixed", "open_to_new": True}
    practice |= {"capacities_released": 100.0, "capacities_filled": 100.0}
    cell = {"easting": 700_500.0, "northing": 6_175_500.0, "landmass": "fixed"}
    counts = list(people.items())
    return {
        "population": pl.DataFrame([{"municipality": m, **group, "people": n} for m, n in counts]),
        "registrations": pl.DataFrame(
            [{"practice_id": f"00{m}", "municipality": m, **group, "patients": n} for m, n in counts]
        ),
        "practices": pl.DataFrame(
            [{"practice_id": f"00{m}", "name": m, "municipality": m, **practice, "patients": n} for m, n in counts]
        ),
        "demand_points": pl.DataFrame(
            [{"cell_id": f"1km_6175_70{i}", "municipality": m, **cell, "people": n} for i, (m, n) in enumerate(counts)]
        ),
    }


def printed_differences(law: Law) -> dict[str, int]:
    room, surplus = law.value("published_room"), law.value("published_surplus")
    return {**room, **{council: -number for council, number in surplus.items()}}


def test_the_book_holds_the_differences_that_region_hovedstaden_printed() -> None:
    """Region Hovedstaden, NÆRSAM, 23 Sep 2025, table 1: +7, -32, +9, -14 (names as of 2026)."""
    assert printed_differences(Lawbook.shipped().on(DAY_H)) == {
        "sundhedsraad-nordsjaelland": 7,
        "sundhedsraad-koebenhavns-omegn-nord": -32,
        "sundhedsraad-amager-vestegnen": 9,
        "sundhedsraad-hovedstaden": -14,
    }


def test_16_capacities_are_releasable_in_region_hovedstaden() -> None:
    """The same table: where each council's ceiling binds, 7 + 9 = 16 are releasable, not the net of -30."""
    law = Lawbook.shipped().on(DAY_H)
    differences = printed_differences(law)
    areas = make_plan(law, councils_of_hovedstaden(differences), GP).areas
    councils = {row["area_id"]: row for row in areas.filter(level="health_council").iter_rows(named=True)}
    assert {council: row["headroom"] - row["surplus"] for council, row in councils.items()} == differences
    region = areas.row(by_predicate=pl.col("area_id") == REGION_H, named=True)
    assert region["binding_level"] == "health_council"
    assert region["releasable"] == 16
    assert (region["headroom"], region["surplus"]) == (0, 30)


def test_if_the_region_alone_bound_nothing_were_releasable_there() -> None:
    """The same table: the net is a surplus of 30."""
    law = Lawbook.shipped().on(DAY_H).setting("binding_level", "region", source="Assumption: the other reading")
    areas = make_plan(law, councils_of_hovedstaden(printed_differences(law)), GP).areas
    assert areas.row(by_predicate=pl.col("area_id") == REGION_H, named=True)["releasable"] == 0


def test_region_sjaelland_holds_510_of_598_capacities() -> None:
    """Region Sjælland, planlægningsgrundlag 2026, sections 1 and 4: 598 in all, 88 new."""
    law = Lawbook.shipped().on(date(2026, 2, 1))
    may_have, new = (
        law.value(name)["region-sjaelland"] for name in ("published_capacities", "published_new_capacities")
    )
    held = may_have - new
    assert (may_have, new, held) == (598, 88, 510)
    assert column(law, headroom, ceiling=[may_have], counted=[held]) == [new]
    assert column(law, treatment_need, weighted_citizens=[598 * 1600]) == [may_have]


def test_the_other_figure_of_region_sjaelland_is_kept_beside() -> None:
    """The same paper, section 4, says 'de 87 nye kapaciteter', too."""
    _, value = Lawbook.shipped().on(date(2026, 2, 1)).parameter("published_new_capacities")
    assert [variant.value for variant in value.variants] == [{"region-sjaelland": 87}]


def test_nine_of_seventeen_municipalities_get_grants() -> None:
    """The same paper, section 2.1: more than four capacities short on 1 July 2025; nine of seventeen.

    The shortages are made up, since those of the order were not found: nine above four, one at four, seven below.
    """
    law = Lawbook.shipped().on(date(2026, 2, 1), "region-sjaelland")
    shortages = [16.0, 12, 11, 9, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2, 1, 0.5, 0, 0]
    eligible = column(law, grant_eligible, capacities_missing=shortages)
    named = law.value("grant_municipalities")["region-sjaelland"]
    assert len(shortages) == 17
    assert sum(eligible) == len(set(named)) == 9
    assert set(law.value("focus_municipalities")["region-sjaelland"]) < set(named)


def test_aabenraa_has_1450_patients_per_capacity() -> None:
    """ugeskriftet.dk, 4 Jun 2025: 1,450 on average, so a mean weight of 1600 / 1450 = 1.1034."""
    law = Lawbook.shipped().on(date(2025, 7, 1))
    norm = law.value("weighted_citizens_per_capacity")
    assert round(norm / 1450, 4) == 1.1034
    assert column(law, indicative_minimum, mean_weight=[1.1034, norm / 1450]) == [1450, 1450]


@pytest.mark.parametrize(
    ("owned", "day", "may"), [(2, "2025-07-01", True), (3, "2025-07-01", False), (5, "2025-06-30", True)]
)
def test_who_may_acquire_a_provider_number(owned: int, day: str, *, may: bool) -> None:
    """Region Hovedstaden, NÆRSAM, 23 Sep 2025: at most three from 1 July 2025, six before."""
    limit = Lawbook.shipped().on(date.fromisoformat(day)).value("provider_numbers_max")
    assert (owned + 1 <= limit) is may


@pytest.mark.parametrize(("announced", "escalates"), [(1660, False), (1661, True)])
def test_exactly_ten_percent_does_not_escalate(announced: int, *, escalates: bool) -> None:
    """Det Konservative Folkeparti, Region Hovedstaden, 23 Sep 2025: more than 10 % of 1,600; the wish is 1,500."""
    share = Lawbook.shipped().on(DAY_H).value("escalation_share")
    assert (abs(1500 - announced) > share * 1600) is escalates
