"""The options that commands of `fordel placement` take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fordel.coverage.survey import MEASURES

Region = Annotated[str, typer.Option("--region", metavar="ID", help="The region that places them.")]
Capacities = Annotated[int, typer.Option("--capacities", min=1, help="How many are offered.")]
Seconds = Annotated[float, typer.Option("--seconds", min=1, help="Time limit; the best plan so far is given.")]
Given = Annotated[
    Path | None, typer.Option("--given", metavar="FILE", help="Sites besides the cells: CSV, Parquet or Excel.")
]
Extend = Annotated[bool, typer.Option("--extend", help="Let practices that are there get more capacities.")]
Risk = Annotated[Path | None, typer.Option("--risk", metavar="FILE", help="practice_id and probability of closing.")]
HoldBack = Annotated[bool, typer.Option("--hold-back", help="What is lost where a municipality is released nothing.")]
Measure = Annotated[str, typer.Option("--measure", help=f"One of {', '.join(MEASURES)}.")]
To = Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Write tables, map, page and GeoJSON.")]
Proposals = Annotated[
    list[Path], typer.Argument(metavar="PROPOSAL...", help="placement.csv that `propose` wrote, or its folder.")
]
Sites = Annotated[int | None, typer.Option("--sites", min=1, help="At most this many places.")]
ForceIn = Annotated[list[str] | None, typer.Option("--in", metavar="SITE", help="A place that must be.")]
ForceOut = Annotated[list[str] | None, typer.Option("--out", metavar="SITE", help="One that may not.")]
HeldBack = Annotated[
    list[str] | None, typer.Option("--hold-back", metavar="ID", help="A municipality that is released nothing.")
]
Goals = Annotated[list[str] | None, typer.Option("--goal", metavar="NAME", help="Goals in order, not the law's.")]
Weights = Annotated[list[str] | None, typer.Option("--weight", metavar="NAME=N", help="Weigh goals, no order.")]
Alternatives = Annotated[int, typer.Option("--alternatives", min=1, help="The best plan and the next ones.")]
PerMonth = Annotated[int | None, typer.Option("--per-month", min=1, help="Which come first with so many a month.")]
Gap = Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop this near the best possible (share).")]
SmallCounts = Annotated[
    bool, typer.Option("--with-small-counts", help="Also counts of few people: for the authority's own use.")
]
Danish = Annotated[bool, typer.Option("--danish", help="Write the page and its map in Danish.")]
Closures = Annotated[int, typer.Option("--closures", min=1, help="How many times practices close at random.")]
Seed = Annotated[int, typer.Option("--seed", help="Of the draws.")]
Front = Annotated[str | None, typer.Option("--front", metavar="GOAL,GOAL", help="What more of one costs of another.")]
Proposal = Annotated[
    Path, typer.Argument(metavar="PROPOSAL", help="placement.csv that `propose` wrote, or its folder.")
]
Only = Annotated[list[str] | None, typer.Option("--site", metavar="SITE", help="Only this place.")]
