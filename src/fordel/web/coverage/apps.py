"""The app of coverage."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Has no tables of its own."""

    name = "fordel.web.coverage"
    label = "coverage"
