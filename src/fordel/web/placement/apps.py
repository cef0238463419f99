"""The app of placement."""

from django.apps import AppConfig


class PlacementConfig(AppConfig):
    """Has searches."""

    name = "fordel.web.placement"
    label = "placement"
