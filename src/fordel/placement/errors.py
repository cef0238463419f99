"""What can go wrong when places are sought."""


class PlacementError(Exception):
    """Wishes that cannot be met together, or a problem that is not well stated."""
