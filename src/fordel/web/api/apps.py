"""The app of the read API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Has the keys that programs show."""

    name = "fordel.web.api"
    label = "api"
