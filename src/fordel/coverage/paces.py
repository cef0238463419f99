"""What is assumed of travel by road and ferry where the road data do not say it (kørehastighed og sejltid)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paces:
    """Dated parameters of travel; fill with ``law.load(Paces)``.

    Attributes:
        road_speeds: by OpenStreetMap's class of road, where no speed is tagged. Unit: kilometres / hour.
        centre_line_speeds: by GeoDanmark's class of road, and ``other``. Unit: kilometres / hour.
        ferry_speed: where no sailing time is tagged. Unit: kilometres / hour.
        ferry_wait: on the quay, where no interval is tagged. Unit: minutes.
        walking_speed: from the door to the road. Unit: kilometres / hour.
        road_snap_limit: how far from a road a home or a practice may lie. Unit: metres.
    """

    road_speeds: dict[str, float]
    centre_line_speeds: dict[str, float]
    ferry_speed: float
    ferry_wait: float
    walking_speed: float
    road_snap_limit: float
