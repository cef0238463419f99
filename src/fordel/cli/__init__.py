"""The command line: one module per noun."""

from fordel.cli._app import app

__all__ = ["app"]
