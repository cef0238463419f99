"""The app of areas."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Has no tables of its own."""

    name = "fordel.web.areas"
    label = "areas"
