"""Put the nouns together."""

import typer

from fordel.cli import coverage, demo, explain, law, plan, report, snapshot

app = typer.Typer(
    name="fordel",
    help="Plan GP capacity: compute it, explain it, show it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(coverage.app, name="coverage")
app.add_typer(demo.app, name="demo")
app.add_typer(explain.app, name="explain")
app.add_typer(law.app, name="law")
app.add_typer(plan.app, name="plan")
app.add_typer(report.app, name="report")
app.add_typer(snapshot.app, name="snapshot")
