"""The app of the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Named `audit` in the database."""

    name = "fordel.web.audit"
    label = "audit"
