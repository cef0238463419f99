"""The overview: key figures, maps, areas, practices by region, and all it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish._words import catalogue
from fordel.publish.report._areas import area_tables, binding_sentence
from fordel.publish.report._frame import Report
from fordel.publish.report._maps import choropleths
from fordel.publish.report._practices import practices_by_region

if TYPE_CHECKING:
    from fordel.law import RuleUsed

Figure = dict[str, str]


def overview(report: Report) -> dict[str, object]:
    """Give what fills the overview."""
    rules = _rules(report)
    parameters = list(dict.fromkeys(p for used in report.run.rules for p in used.parameters))
    return {
        "lead": _lead(report),
        "figures": [*_capacity_figures(report), *_people_figures(report)],
        "maps": choropleths(report),
        "binding": binding_sentence(report),
        "tables": area_tables(report),
        "practices": practices_by_region(report),
        "assumptions": report.run.assumptions(),
        "parameters": sorted(parameters, key=lambda p: (p.name, p.set_by)),
        "rules": rules,
        "tables_recorded": report.run.manifest.tables,
    }


def _lead(report: Report) -> str:
    row = report.nation
    return report.texts(
        "figures_lead",
        need=report.number(row["need"], 1),
        ceiling=report.number(row["ceiling"]),
        released=report.brief(row["capacities_released"]),
        vacant=report.brief(row["capacities_vacant"]),
    )


def _figure(report: Report, column: str, value: str, note: str) -> Figure:
    return {"name": column, "label": report.column("areas", column).heading, "value": value, "note": note}


def _capacity_figures(report: Report) -> list[Figure]:
    row, texts, brief = report.nation, report.texts, report.brief
    held = {"filled": brief(row["capacities_filled"]), "vacant": brief(row["capacities_vacant"])}
    return [
        _figure(report, "need", report.number(row["need"], 1), texts("figure_need_note")),
        _figure(report, "ceiling", brief(row["ceiling"]), texts("figure_ceiling_note")),
        _figure(
            report,
            "capacities_released",
            brief(row["capacities_released"]),
            texts("figure_released_note", **held),
        ),
        _sum_of_municipalities(report, "headroom"),
        _sum_of_municipalities(report, "surplus"),
        _figure(report, "releasable", brief(row["releasable"]), texts("figure_releasable_note")),
    ]


def _sum_of_municipalities(report: Report, column: str) -> Figure:
    """Sum one side over municipalities: headroom here and surplus there do not cancel out."""
    sizes = [row[column] for row in report.municipalities if row[column] > 0]
    note = report.texts(f"figure_{column}_note", n=report.number(len(sizes)))
    return {
        "name": column,
        "label": report.texts(f"figure_{column}"),
        "value": report.brief(sum(sizes)),
        "note": note,
    }


def _people_figures(report: Report) -> list[Figure]:
    row, texts, number = report.nation, report.texts, report.number
    practices = report.run.practices
    people, open_ones = row["people"], int(practices["open_to_new"].sum())
    below = practices.filter(pl.col("patients_missing") > 0)
    none, one = (report.share(row[c], people) for c in ("people_no_choice", "people_one_choice"))
    open_note = texts("figure_practices_note", open=number(open_ones), share=report.share(open_ones, practices.height))
    weighted = number(row["weighted_citizens"])
    return [
        _figure(report, "people", number(people), texts("figure_weighted_note", weighted=weighted)),
        {
            "name": "choices",
            "label": texts("figure_choice_met"),
            "value": report.share(row["people_two_choices"], people),
            "note": texts("figure_choice_met_note", none=none, one=one),
        },
        {"name": "practices", "label": texts("figure_practices"), "value": number(practices.height), "note": open_note},
        {
            "name": "below",
            "label": texts("figure_below"),
            "value": number(below.height),
            "note": texts("figure_below_note", missing=number(int(below["patients_missing"].sum()))),
        },
    ]


def _rules(report: Report) -> list[dict[str, Any]]:
    """Give each rule once with all whom it was applied for; its Danish wording where the report is in Danish."""
    by_name: dict[str, list[RuleUsed]] = {}
    for used in report.run.rules:
        by_name.setdefault(used.rule, []).append(used)
    danish = catalogue()["rules"] if report.texts.lang == "da" else {}
    return [
        {
            "used": uses[0],
            "danish": danish.get(name, ""),
            "authorities": sorted({report.names.get(use.authority, "") for use in uses} - {""}),
            "parameters": list(dict.fromkeys(p.name for use in uses for p in use.parameters)),
        }
        for name, uses in by_name.items()
    ]
