"""Disclosure control (diskretionering): small counts of people are held back, and whatever would give them away."""

from fordel.publish.disclosure.areas import COUNTED, Shown, shown_areas, shown_frames, shown_places
from fordel.publish.disclosure.least import least_shown
from fordel.publish.disclosure.practices import FROM_NEED, shown_practices
from fordel.publish.disclosure.suppress import Counts, Sum, crossed, suppress

__all__ = [
    "COUNTED",
    "FROM_NEED",
    "Counts",
    "Shown",
    "Sum",
    "crossed",
    "least_shown",
    "shown_areas",
    "shown_frames",
    "shown_places",
    "shown_practices",
    "suppress",
]
