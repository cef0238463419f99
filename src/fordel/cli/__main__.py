"""`python -m fordel.cli`: the command line where its own name is not on the path."""

from fordel.cli import app

app()
