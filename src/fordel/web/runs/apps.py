"""The app of runs."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Named `runs` in the database."""

    name = "fordel.web.runs"
    label = "runs"
