"""The app that holds what all pages share."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Has no tables of its own."""

    name = "fordel.web"
    label = "web"
