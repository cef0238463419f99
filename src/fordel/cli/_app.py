"""Put the nouns together."""

import typer

from fordel.cli import coverage, explain, plan

app = typer.Typer(
    name="fordel",
    help="Plan GP capacity: compute it, explain it, show it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(coverage.app, name="coverage")
app.add_typer(explain.app, name="explain")
app.add_typer(plan.app, name="plan")
