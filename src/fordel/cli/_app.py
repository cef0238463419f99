"""Put the nouns together."""

import typer

app = typer.Typer(
    name="fordel",
    help="Plan GP capacity: compute it, explain it, show it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
