"""The book of law: what it refuses to read, and what it says on a day, for an authority."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fordel.law import BadLawFile, Evidence, Lawbook, LawError, NotInForce, NotYoursToSet, UnknownParameter

HEAD = 'title = "T"\ndansk = "t"\nunit = "patients"\nmay_be_set_by = "region"\n'
ONE = '[[limit.values]]\nsince = 2025-07-01\nvalue = 1600\nsource = "BEK"\n'
TOPIC = f"[limit]\n{HEAD}{ONE}"
REGION = '[authority]\nid = "region-vest"\nname = "Region Vest"\nlevel = "region"\n'


def read(folder: Path, topic: str, region: str | None = None) -> Lawbook:
    paths = [folder / "minimum.toml"]
    paths[0].write_text(topic, encoding="utf-8")
    if region is None:
        return Lawbook.read(paths)
    own = folder / "region-vest.toml"
    own.write_text(region, encoding="utf-8")
    return Lawbook.read(paths, [own])


def later(*lines: str) -> str:
    return TOPIC + "[[limit.values]]\n" + "\n".join(lines) + "\n"


BROKEN = {
    "no title": (TOPIC.replace('title = "T"\n', ""), "has no 'title'"),
    "empty unit": (TOPIC.replace('"patients"', '" "'), "has an empty 'unit'"),
    "unknown key": (TOPIC.replace("[limit]\n", "[limit]\ncolour = 1\n"), "unknown key 'colour'"),
    "no table": ("limit = 3\n", "is no table"),
    "not TOML": ("limit = = 3\n", "not TOML"),
    "unknown level": (TOPIC.replace('"region"', '"king"'), "use one of nation, region, health_council"),
    "no value": (f"[limit]\n{HEAD}values = []\n", "has no dated value"),
    "values no list": (f"[limit]\n{HEAD}values = 3\n", "has no dated value"),
    "value no table": (f"[limit]\n{HEAD}values = [3]\n", "is no table"),
    "no source": (TOPIC.replace('"BEK"', '" "'), "has no source"),
    "source no word": (TOPIC.replace('"BEK"', "3"), "has no source"),
    "no day": (TOPIC.replace("2025-07-01", '"1 July"'), "write since = 2025-07-01"),
    "a moment": (TOPIC.replace("2025-07-01", "2025-07-01T00:00:00"), "write since = 2025-07-01"),
    "unknown mark": (TOPIC + 'evidence = "rumour"\n', "use one of seen, part, inferred, assumption"),
    "assumption that does not say so": (TOPIC + 'evidence = "assumption"\n', "must begin with 'Assumption'"),
    "assumption marked as seen": (TOPIC.replace('"BEK"', '"Assumption: x"'), "its evidence mark is another"),
    "not finite": (TOPIC.replace("1600", "nan"), "not a finite number"),
    "overlap": (later("since = 2025-07-01", "value = 3", 'source = "x"'), "overlaps the value before it"),
    "ends before it begins": (TOPIC.replace("value = 1600\n", ""), "ends a parameter that never began"),
    "ends twice": (
        later("since = 2026-01-01", 'source = "x"') + '[[limit.values]]\nsince = 2027-01-01\nsource = "y"\n',
        "has ended already",
    ),
    "another kind": (later("since = 2026-01-01", 'value = "many"', 'source = "x"'), "another kind than 1600"),
    "yes is no number": (later("since = 2026-01-01", "value = true", 'source = "x"'), "another kind than 1600"),
    "variant of another kind": (TOPIC + 'variants = [{ value = "x", source = "y" }]\n', "another kind"),
    "variant without source": (TOPIC + "variants = [{ value = 3 }]\n", "variant without value or source"),
    "variant no table": (TOPIC + "variants = [3]\n", "variant without value or source"),
}


@pytest.mark.parametrize(("topic", "fault"), BROKEN.values(), ids=BROKEN)
def test_a_broken_topic_is_refused_with_its_place(tmp_path: Path, topic: str, fault: str) -> None:
    with pytest.raises(BadLawFile) as refused:
        read(tmp_path, topic)
    assert fault in str(refused.value)
    assert "minimum.toml" in str(refused.value)


def own(*lines: str) -> str:
    return REGION + "[[limit]]\n" + "\n".join(lines) + "\n"


BROKEN_REGION = {
    "no authority": ('[[limit]]\nsince = 2026-01-01\nvalue = 3\nsource = "x"\n', "needs [authority]"),
    "authority no table": ("authority = 3\n", "needs [authority]"),
    "the state": (REGION.replace('level = "region"', 'level = "nation"'), "region or health_council"),
    "another file name": (REGION.replace("region-vest", "region-nord"), "must be called region-nord.toml"),
    "ends before it starts": (REGION + "since = 2027-01-01\nuntil = 2026-01-01\n", "ends (2026-01-01) before"),
    "unknown parameter": (REGION + "[[limits]]\n", "Did you mean 'limit'?"),
    "before the parameter": (own("since = 2025-01-01", "value = 3", 'source = "x"'), "is not in force"),
    "another kind": (own("since = 2026-01-01", "value = false", 'source = "x"'), "another kind than the state's 1600"),
    "outside its days": (
        REGION + 'since = 2027-01-01\n[[limit]]\nsince = 2026-01-01\nvalue = 3\nsource = "x"\n',
        "outside the days on which Region Vest exists",
    ),
    "no source": (own("since = 2026-01-01", "value = 3"), "has no source"),
}


@pytest.mark.parametrize(("region", "fault"), BROKEN_REGION.values(), ids=BROKEN_REGION)
def test_a_broken_regional_file_is_refused_with_its_place(tmp_path: Path, region: str, fault: str) -> None:
    with pytest.raises(BadLawFile) as refused:
        read(tmp_path, TOPIC, region)
    assert fault in str(refused.value)
    assert "region-vest.toml" in str(refused.value)


def test_a_region_may_not_set_what_is_the_states(tmp_path: Path) -> None:
    with pytest.raises(BadLawFile, match="may not be set by Region Vest"):
        read(
            tmp_path,
            TOPIC.replace('may_be_set_by = "region"', 'may_be_set_by = "nation"'),
            own("since = 2026-01-01", "value = 3", 'source = "x"'),
        )


def test_every_fault_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadLawFile) as refused:
        read(tmp_path, BROKEN["no source"][0], BROKEN_REGION["unknown parameter"][0])
    assert len(str(refused.value).splitlines()) == 3


def test_two_topics_may_not_use_one_name(tmp_path: Path) -> None:
    for name in ("minimum", "need"):
        (tmp_path / f"{name}.toml").write_text(TOPIC, encoding="utf-8")
    with pytest.raises(BadLawFile, match=r"already minimum\.limit"):
        Lawbook.read(sorted(tmp_path.glob("*.toml")))


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + TOPIC).on(date(2026, 1, 1)).value("limit") == 1600


def test_a_regions_value_holds_while_it_lasts_and_then_the_states_again(tmp_path: Path) -> None:
    region = own("since = 2026-01-01", "value = 1500", 'source = "x"') + '[[limit]]\nsince = 2027-01-01\nsource = "y"\n'
    state = later("since = 2026-06-01", "value = 1700", 'source = "z"')
    book = read(tmp_path, state, region)
    days = [date(2025, 7, 1), date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [book.on(day, "region-vest").value("limit") for day in days] == [1600, 1500, 1500, 1500, 1700]
    assert [book.on(day).value("limit") for day in days] == [1600, 1600, 1700, 1700, 1700]
    assert [v.set_by for v in book.as_set_by("limit", "region-vest").values] == ["nation", "region-vest", "nation"]


def test_what_the_state_has_ended_has_ended_for_the_region_too(tmp_path: Path) -> None:
    region = own("since = 2026-01-01", "value = 1500", 'source = "x"')
    book = read(tmp_path, later("since = 2026-06-01", 'source = "z"'), region)
    assert book.on(date(2026, 5, 31), "region-vest").value("limit") == 1500
    with pytest.raises(NotInForce, match="Ended:  2026-06-01"):
        book.on(date(2026, 6, 1), "region-vest").value("limit")


def test_an_authority_is_asked_only_while_it_exists() -> None:
    book = Lawbook.shipped()
    assert book.on(date(2026, 12, 31), "region-sjaelland").authority.name == "Region Sjælland"
    with pytest.raises(NotInForce, match="Ended:  2027-01-01"):
        book.on(date(2027, 1, 1), "region-sjaelland")
    with pytest.raises(NotInForce, match="Try:    --on 2027-01-01"):
        book.on(date(2026, 12, 31), "region-oestdanmark")
    with pytest.raises(UnknownParameter, match="Did you mean 'region-sjaelland'"):
        book.on(date(2026, 1, 1), "region-sjælland")


def test_a_scenario_sets_one_value_and_says_so(tmp_path: Path) -> None:
    book = read(tmp_path, TOPIC, REGION)
    law = book.on(date(2026, 1, 1)).setting("limit", 1234, source="Assumption: a test")
    assert law.value("limit") == law.for_authority("region-vest").value("limit") == 1234
    assert law.parameter("minimum.limit")[1].evidence is Evidence.ASSUMPTION
    with pytest.raises(LawError, match="takes a int"):
        law.setting("limit", "many", source="Assumption: a test")


def test_a_region_may_not_set_what_is_the_states_in_a_scenario() -> None:
    law = Lawbook.shipped().on(date(2026, 1, 1))
    with pytest.raises(NotYoursToSet, match="May be set by: nation"):
        law.setting("weighted_citizens_per_capacity", 1500, source="Assumption: a test", by="region-sjaelland")


def test_every_assumption_of_the_shipped_book_says_so() -> None:
    values = [v for p in Lawbook.shipped().parameters.values() for v in p.values]
    assumed = [v for v in values if v.evidence is Evidence.ASSUMPTION]
    assert len(assumed) > 20
    assert all(v.source.startswith("Assumption: ") for v in assumed)
    assert not any(v.source.startswith("Assumption") for v in values if v not in assumed)
