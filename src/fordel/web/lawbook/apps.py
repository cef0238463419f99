"""The app of the law book."""

from django.apps import AppConfig


class LawbookConfig(AppConfig):
    """Has no tables of its own."""

    name = "fordel.web.lawbook"
    label = "lawbook"
