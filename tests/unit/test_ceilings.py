"""Published ceilings, rescaled and unscaled ones: every sum is kept and what is published holds."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.law import Lawbook, LawError
from fordel.plan import LEVELS, make_areas, make_plan
from fordel.professions import GP
from fordel.publish.explain import explain_area
from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.tables import Tables
from rich_country import published, rich_country_tables
from small_country import small_country_tables

DAY = date(2026, 2, 1)
SJAELLAND, COUNCIL = "region-sjaelland", "sundhedsraad-hovedstaden"


def areas_on(tables: Tables, day: date = DAY, total: int | None = None, **settings: object) -> pl.DataFrame:
    law = Lawbook.shipped().on(day)
    for name, value in settings.items():
        law = law.setting(name, value, source="Assumption: test")  # type: ignore[arg-type]
    return make_areas(law, tables, GP, total=total)


def with_published(*rows: tuple[str, str, int, int]) -> Tables:
    return small_country_tables(published_ceilings=published(*rows))


def ceiling(areas: pl.DataFrame, area: str, column: str = "ceiling") -> int:
    return int(areas.row(by_predicate=pl.col("area_id") == area, named=True)[column])


def sums_are_kept(areas: pl.DataFrame) -> None:
    for column in ("ceiling", "computed_ceiling"):
        assert areas.group_by("level").agg(pl.col(column).sum())[column].n_unique() == 1
        for level in ("health_council", "region"):
            inside = areas.filter(level="municipality").group_by(level).agg(pl.col(column).sum())
            wholes = areas.filter(level=level).select(pl.col("area_id").alias(level), column)
            assert inside.sort(level).equals(wholes.sort(level))


def test_the_part_for_areas_is_the_plans_own(small_country: Tables) -> None:
    whole = make_plan(Lawbook.shipped().on(DAY), small_country, GP).areas
    part = areas_on(small_country)
    assert whole.select(part.columns).equals(part)


def test_a_published_region_is_shared_over_its_municipalities_and_nobody_elses_ceiling_moves() -> None:
    areas = areas_on(with_published((SJAELLAND, "region", 2026, 8)))
    assert ceiling(areas, SJAELLAND) == 8
    assert (ceiling(areas, "0306"), ceiling(areas, "0360")) == (4, 4)
    assert ceiling(areas, SJAELLAND, "computed_ceiling") == 6
    elsewhere = areas.filter(
        (pl.col("level") == "municipality") & (pl.col("region") != SJAELLAND),
        pl.col("ceiling") != pl.col("computed_ceiling"),
    )
    assert elsewhere.is_empty()
    assert ceiling(areas, "dk") == ceiling(areas, "dk", "computed_ceiling") + 2
    sums_are_kept(areas)


def test_with_the_nations_total_fixed_the_others_share_what_is_left() -> None:
    rows = [(SJAELLAND, "region", 2026, 8), ("dk", "nation", 2026, 22)]
    by_order = areas_on(with_published(*rows))
    by_user = areas_on(with_published(rows[0]), total=22)
    assert by_order["ceiling"].equals(by_user["ceiling"])
    assert ceiling(by_order, "dk") == 22
    assert ceiling(by_order, SJAELLAND) == 8
    sums_are_kept(by_order)


def test_the_users_total_goes_before_the_published_one() -> None:
    areas = areas_on(with_published(("dk", "nation", 2026, 30)), total=20)
    assert (ceiling(areas, "dk"), ceiling(areas, "dk", "published_ceiling")) == (20, 30)


def test_a_municipality_inside_a_binding_council_takes_its_own_out_of_the_councils() -> None:
    areas = areas_on(with_published(("0400", "municipality", 2026, 4)))
    assert ceiling(areas, "0400") == 4
    assert ceiling(areas, COUNCIL) == ceiling(areas, COUNCIL, "computed_ceiling") == 11
    assert ceiling(areas, "0101") + ceiling(areas, "0147") == 7
    sums_are_kept(areas)


def test_ceilings_published_for_another_year_are_not_used() -> None:
    areas = areas_on(with_published((SJAELLAND, "region", 2027, 8)))
    assert areas["published_ceiling"].null_count() == areas.height
    assert areas["ceiling"].equals(areas["computed_ceiling"].alias("ceiling"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(SJAELLAND, "region", 2026, 8), ("0306", "municipality", 2026, 9)], "come to 9 capacities already"),
        (
            [(SJAELLAND, "region", 2026, 8), ("0306", "municipality", 2026, 3), ("0360", "municipality", 2026, 4)],
            "0306, 0360 come to 7 capacities, but region-sjaelland, in which they lie, has 8",
        ),
        ([("dk", "nation", 2026, 5), (SJAELLAND, "region", 2026, 8)], "come to 8 capacities already"),
        ([("0400", "municipality", 2026, 12)], "0400 come to 12 capacities already"),
    ],
)
def test_published_ceilings_that_contradict_each_other_are_named(
    rows: list[tuple[str, str, int, int]], said: str
) -> None:
    with pytest.raises(LawError, match=said):
        areas_on(with_published(*rows))


def test_without_rescaling_each_binding_areas_need_is_rounded_alone(small_country: Tables) -> None:
    areas = areas_on(small_country, ceilings_rescaled=False)
    binding = areas.filter("binding")
    assert binding["ceiling"].to_list() == [int(need + 0.5) for need in binding["need"]]
    sums_are_kept(areas)
    with pytest.raises(LawError, match="not rescaled"):
        areas_on(small_country, ceilings_rescaled=False, total=20)


AREAS = [("region-hovedstaden", "region"), (SJAELLAND, "region"), ("region-midtjylland", "region")]
AREAS += [(COUNCIL, "health_council"), ("sundhedsraad-aarhus", "health_council"), ("0101", "municipality")]
AREAS += [("0306", "municipality"), ("0751", "municipality"), ("0400", "municipality")]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(AREAS), unique=True, max_size=5),
    st.lists(st.integers(0, 12), min_size=5, max_size=5),
    st.one_of(st.none(), st.integers(0, 60)),
    st.sampled_from(["municipality", "health_council", "region"]),
)
def test_whatever_is_published_holds_or_is_refused_and_every_sum_is_kept(
    chosen: list[tuple[str, str]], numbers: list[int], total: int | None, level: str
) -> None:
    rows = [(area, at, 2027, n) for (area, at), n in zip(chosen, numbers, strict=False) if "region-" not in area]
    rows += [(a, at, 2027, n) for (a, at), n in zip(chosen, numbers, strict=False) if a == "region-midtjylland"]
    try:
        areas = areas_on(with_published(*rows), date(2027, 1, 1), total, binding_level=level)
    except LawError as refused:
        assert "The published ceilings of" in str(refused)  # noqa: PT017 - hypothesis may not use pytest.raises here
        return
    sums_are_kept(areas)
    held = areas.drop_nulls("published_ceiling")
    assert held["ceiling"].equals(held["published_ceiling"].alias("ceiling"))
    assert held.height == len(rows)
    if total is not None:
        assert ceiling(areas, "dk") == total


@pytest.mark.parametrize("method", ["webster", "hamilton", "quota", "adams", "jefferson", "huntington_hill"])
@pytest.mark.parametrize("total", [None, 22])
def test_every_ceiling_of_the_rich_country_can_be_explained(
    rich_country: Tables, method: str, total: int | None
) -> None:
    run = execute(rich_country, day=DAY, total=total, settings=[("apportionment_method", method)])
    for area in run.areas["area_id"]:
        assert explain_area(run, area, "en").steps


def test_unscaled_ceilings_can_be_explained(small_country: Tables) -> None:
    run = execute(small_country, day=DAY, settings=[("ceilings_rescaled", False)])
    assert all(explain_area(run, area).steps for area in run.areas["area_id"])


def test_a_published_ceiling_is_told_with_the_computed_one(rich_run: Run) -> None:
    told = explain_area(rich_run, SJAELLAND, "en")
    step = next(s for top in told.steps for s in top.walk() if s.column == "ceiling")
    assert step.says == "The ceiling was published for 2026 and takes the place of the computed one."
    assert step.arithmetic == "computed ceiling: 6"


def test_levels_are_complete(rich_country: Tables) -> None:
    sums_are_kept(areas_on(rich_country))
    assert tuple(areas_on(rich_country)["level"].unique(maintain_order=True)) == LEVELS
    assert rich_country_tables().fingerprint == rich_country.fingerprint
