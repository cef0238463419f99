"""The report says what the run holds, in both languages, and needs nothing but itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fordel.publish import law_words
from fordel.publish.report import BadReport, write_report
from fordel.runs.execute import execute
from fordel.runs.record import Run, columns
from page_reader import Page, as_number
from small_country import small_country_frames, small_country_tables

LAW_DATE = date(2026, 2, 1)
FILES = {"da": ("index.html", "praksis.html"), "en": ("en.html", "practices.html")}
AREA_COLUMNS = 14
CELLS = (
    *("people", "mean_weight", "need", "ceiling", "capacities_released", "capacities_filled", "capacities_vacant"),
    *("headroom", "surplus", "releasable"),
)


@pytest.fixture(scope="module")
def folder(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("report")
    written = write_report(small_run, to)
    assert [path.name for path in written] == ["index.html", "en.html", "praksis.html", "practices.html"]
    return to


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_number_of_every_area_is_the_run_s(small_run: Run, folder: Path, lang: str) -> None:
    page = Page(folder / FILES[lang][0])
    for table, level in (("regions", "region"), ("councils", "health_council"), ("municipalities", "municipality")):
        shown = page.rows(table, AREA_COLUMNS)
        areas = small_run.areas.filter(pl.col("level") == level)
        assert {row["name"] for row in areas.iter_rows(named=True)} <= set(shown)
        for row in areas.iter_rows(named=True):
            _same(shown[row["name"]], row, lang)
    nation = small_run.areas.row(0, named=True)
    _same(page.rows("regions", AREA_COLUMNS)[{"da": "Hele landet", "en": "The whole nation"}[lang]], nation, lang)


def _same(cells: list[str], row: dict[str, Any], lang: str) -> None:
    for name, cell in zip(CELLS, cells, strict=False):
        decimals = columns()["areas"][name].decimals
        assert decimals is not None
        shown = as_number(cell, lang)
        expected = row[name]
        assert (shown is None) == (expected is None), (row["name"], name)
        if shown is not None:
            assert abs(shown - expected) <= 0.5 * 10**-decimals + 1e-9, (row["name"], name)
    for name, cell in zip(("people_no_choice", "people_one_choice", "people_two_choices"), cells[10:], strict=True):
        assert as_number(cell.replace("<", "").replace(">", ""), lang) == pytest.approx(
            100 * row[name] / row["people"], abs=0.051
        )


@pytest.mark.parametrize("lang", ["da", "en"])
def test_key_figures_are_the_nation_s(small_run: Run, folder: Path, lang: str) -> None:
    figures = {name: as_number(values[0], lang) for name, values in Page(folder / FILES[lang][0]).figures.items()}
    nation = small_run.areas.row(0, named=True)
    municipalities = small_run.areas.filter(pl.col("level") == "municipality")
    assert figures == {
        "figure-need": pytest.approx(nation["need"], abs=0.05),
        "figure-ceiling": nation["ceiling"],
        "figure-capacities_released": nation["capacities_released"],
        "figure-headroom": municipalities["headroom"].sum(),
        "figure-surplus": municipalities["surplus"].sum(),
        "figure-releasable": nation["releasable"],
        "figure-people": nation["people"],
        "figure-choices": pytest.approx(100 * nation["people_two_choices"] / nation["people"], abs=0.05),
        "figure-practices": 11,
        "figure-below": small_run.practices.filter(~pl.col("may_close")).height,
    }


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_practice_is_shown_once_with_its_numbers(small_run: Run, folder: Path, lang: str) -> None:
    page = Page(folder / FILES[lang][1])
    shown = {row[0]: row for table in page.tables.values() for row in table[1:]}
    assert set(shown) == set(small_run.practices["practice_id"])
    yes_no = {"da": {"ja": True, "nej": False, "–": None}, "en": {"yes": True, "no": False, "–": None}}[lang]
    for row in small_run.practices.iter_rows(named=True):
        cells = shown[row["practice_id"]]
        assert cells[1] == row["name"]
        numbers = [as_number(cells[i], lang) for i in (2, 3, 4, 6, 7, 8, 9)]
        names = ("capacities_released", "capacities_filled", "patients", "indicative_minimum", "practice_minimum")
        assert numbers == [row[name] for name in (*names, "closing_minimum", "patients_missing")]
        assert [yes_no[cells[10]], yes_no[cells[11]]] == [row["may_close"], row["open_to_new"]]


def test_practices_by_region_add_up(small_run: Run, folder: Path) -> None:
    rows = Page(folder / "index.html").rows("practices-by-region", 7)
    total = [int(cell) for cell in rows.pop("Hele landet")]
    assert total == [sum(int(cells[i]) for cells in rows.values()) for i in range(6)]
    count, _, may_close, must_stay_open, closed_below, unknown = total
    assert count == small_run.practices.height == may_close + must_stay_open + unknown
    below = ~pl.col("may_close") & ~pl.col("open_to_new")
    assert closed_below == small_run.practices.filter(below).height


def test_each_map_has_a_table_with_the_same_content(small_run: Run, folder: Path) -> None:
    page = Page(folder / "index.html")
    people = small_run.areas.row(0, named=True)["people"]
    for anchor in ("headroom", "weight", "choices"):
        assert f"map-{anchor}" in page.ids
        assert len(page.tables[f"table-{anchor}"]) == 1 + 7
    legends = re.findall(r'<div class="legend">(.*?)</div>', page.html, re.DOTALL)
    assert len(legends) == 3
    for legend in legends:
        ends = [re.findall(r'<td class="n">([^<]*)</td>', row)[1] for row in legend.split("<tr>")[2:]]
        assert sum(as_number(end, "da") or 0 for end in ends) == people


@pytest.mark.parametrize("name", [name for pair in FILES.values() for name in pair])
def test_a_page_fetches_nothing_and_links_lead_somewhere(folder: Path, name: str) -> None:
    page = Page(folder / name)
    assert not page.tags & {"script", "iframe", "object", "embed", "form", "img"}
    assert "@import" not in page.html
    assert not re.findall(r"url\((?!#)", page.html)
    assert len(page.ids) == len(set(page.ids))
    for address in page.addresses:
        if address.startswith("data:"):
            continue
        file, _, anchor = address.partition("#")
        target = Page(folder / file) if file else page
        assert not anchor or anchor in target.ids, address


def test_both_languages_hold_the_same_numbers(folder: Path) -> None:
    for danish, english in zip(FILES["da"], FILES["en"], strict=True):
        da, en = Page(folder / danish), Page(folder / english)
        assert da.ids == en.ids
        numbers = [
            re.sub(r"[^\d]", "", "|".join("|".join(row) for table in p.tables.values() for row in table))
            for p in (da, en)
        ]
        assert numbers[0] == numbers[1]


def test_the_same_run_gives_the_same_bytes_and_replaces_an_older_report(
    small_run: Run, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("an older report")
    for path in write_report(small_run, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 4


def test_what_is_made_up_is_called_so_on_every_page(folder: Path) -> None:
    for name in ("index.html", "praksis.html"):
        assert "Indeholder syntetiske oplysninger" in Page(folder / name).words
    for name in ("en.html", "practices.html"):
        assert "Contains synthetic data" in Page(folder / name).words
    assert (folder / "index.html").read_text(encoding="utf-8").count('class="stamp"') == 3


def test_observed_data_are_not_called_synthetic(tmp_path: Path) -> None:
    sources = small_country_frames()["sources"].with_columns(synthetic=pl.lit(False))
    write_report(execute(small_country_tables(sources=sources), day=LAW_DATE), tmp_path)
    for name in ("index.html", "praksis.html"):
        page = Page(tmp_path / name)
        assert "yntetisk" not in page.words
        assert 'class="stamp"' not in page.html


def test_names_are_shown_as_text_whatever_they_hold(tmp_path: Path) -> None:
    nasty = '<script>alert("x")</script> & {{ 7 * 7 }}'
    practices = small_country_frames()["practices"].with_columns(name=pl.lit(nasty))
    write_report(execute(small_country_tables(practices=practices), day=LAW_DATE), tmp_path)
    page = Page(tmp_path / "praksis.html")
    assert "script" not in page.tags
    assert nasty in page.words


def test_all_it_rests_on_is_listed(small_run: Run, folder: Path) -> None:
    page = Page(folder / "index.html")
    for parameter in (p for used in small_run.rules for p in used.parameters):
        assert parameter.name in page.words
        assert law_words.sentence(parameter.source, "da") in page.words
    for used in small_run.rules:
        assert f"rule-{used.rule}" in page.ids
    manifest = small_run.manifest
    for fact in (manifest.run_id, manifest.snapshot_fingerprint, *(t.sha256 for t in manifest.tables.values())):
        assert fact in page.words
    assert "1. februar 2026" in page.words
    assert "1 February 2026" in Page(folder / "en.html").words


def test_a_total_and_settings_are_said_and_repeated_in_the_command(tmp_path: Path) -> None:
    run = execute(small_country_tables(), day=LAW_DATE, total=30, settings=[("apportionment_method", "hamilton")])
    write_report(run, tmp_path)
    words = Page(tmp_path / "en.html").words
    assert "The total of the ceilings was given for this run." in words
    assert "--total 30 --set allocation.apportionment_method=hamilton" in words


NONE_LEFT: list[tuple[Callable[[], dict[str, pl.DataFrame]], str, str]] = [
    (lambda: {"area_shapes": small_country_frames()["area_shapes"].clear()}, "index.html", "så der er ingen kort"),
    (
        lambda: {t: small_country_frames()[t].clear() for t in ("practices", "registrations")},
        "praksis.html",
        "Ingen praksis i øjebliksbilledet.",
    ),
    (
        lambda: {"area_shapes": small_country_frames()["area_shapes"].slice(1)},
        "index.html",
        "ikke på kortet: København.",
    ),
]


@pytest.mark.parametrize(("changed", "file", "sentence"), NONE_LEFT)
def test_what_is_not_there_is_said(
    changed: Callable[[], dict[str, pl.DataFrame]], file: str, sentence: str, tmp_path: Path
) -> None:
    write_report(execute(small_country_tables(**changed()), day=LAW_DATE), tmp_path)
    assert sentence in Page(tmp_path / file).words


@pytest.mark.parametrize(
    ("day", "regions", "binding"),
    [(date(2025, 7, 1), 3, "kommune"), (date(2027, 1, 1), 2, "sundhedsråd")],
)
def test_other_days_show_their_own_regions_and_level(day: date, regions: int, binding: str, tmp_path: Path) -> None:
    write_report(execute(small_country_tables(), day=day), tmp_path)
    page = Page(tmp_path / "index.html")
    assert len(page.tables["regions"]) == 1 + regions + 1
    assert binding in re.findall(r"Bindende niveau: ([^.]*)\.", page.words)[0]


def test_a_place_that_cannot_be_written_is_a_sentence(small_run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadReport, match=r"could not be written to .*file"):
        write_report(small_run, tmp_path / "file")
