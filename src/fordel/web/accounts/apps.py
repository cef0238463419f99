"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Named `accounts` in the database."""

    name = "fordel.web.accounts"
    label = "accounts"
