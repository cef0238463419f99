"""The app of practices."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """Has no tables of its own."""

    name = "fordel.web.practices"
    label = "practices"
