"""The app of imports."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Has imports and their files."""

    name = "fordel.web.imports"
    label = "imports"
