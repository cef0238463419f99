"""The app of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Named `jobs` in the database."""

    name = "fordel.web.jobs"
    label = "jobs"
