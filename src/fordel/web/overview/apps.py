"""The app of the front page."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """Has no tables of its own."""

    name = "fordel.web.overview"
    label = "overview"
