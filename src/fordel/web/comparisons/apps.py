"""The app of comparisons."""

from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    """Named `comparisons` in the database."""

    name = "fordel.web.comparisons"
    label = "comparisons"
