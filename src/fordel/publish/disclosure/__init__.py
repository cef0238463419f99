"""Disclosure control (diskretionering): small counts of people are held back, and whatever would give them away."""

from fordel.publish.disclosure.areas import COUNTED, Shown, least_shown, shown_areas, shown_frames
from fordel.publish.disclosure.suppress import Counts, Sum, crossed, suppress

__all__ = ["COUNTED", "Counts", "Shown", "Sum", "crossed", "least_shown", "shown_areas", "shown_frames", "suppress"]
