"""Read accounts, and the areas an account may belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from django.db.models import Q
from django.utils import timezone

from fordel.publish.formats import danish_order
from fordel.web.accounts.models import User
from fordel.web.accounts.roles import LEVELS, LOCAL, Role
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Area:
    """An area an account may belong to: a region or a health council."""

    area_id: str
    name: str
    level: str


def found(words: str, role: str, state: str) -> list[User]:
    """Give the accounts with the words in name, user name or email, in Danish order of names."""
    words = words.replace("\0", "")  # the database has no such letter
    accounts = User.objects.all()
    if words:
        accounts = accounts.filter(
            Q(first_name__icontains=words)
            | Q(last_name__icontains=words)
            | Q(username__icontains=words)
            | Q(email__icontains=words)
        )
    if role:
        accounts = accounts.filter(role=role)
    if state:
        accounts = accounts.filter(is_active=state == "on")
    return sorted(accounts, key=lambda user: (danish_order(user.get_full_name()), user.username))


def areas() -> list[Area]:
    """Give the regions and health councils of the newest run, in Danish order; none where there is no run."""
    run = FinishedRun.objects.filter(snapshot__withdrawn_at=None).first()
    if run is None:
        return []
    rows = tables_of(run.folder).areas.filter(pl.col("level").is_in(sorted(set(LEVELS.values()))))
    listed = [Area(row["area_id"], row["name"], row["level"]) for row in rows.to_dicts()]
    return sorted(listed, key=lambda area: (danish_order(area.name), area.area_id))


def area_names() -> dict[str, str]:
    """Give the names of the areas an account may belong to."""
    return {area.area_id: area.name for area in areas()}


def why_not(role: str, area_id: str, known: list[Area]) -> str:
    """Name the text that says why a role cannot go with an area; empty where it can."""
    if role in LOCAL and not area_id:
        return "area_missing"
    if role not in LOCAL and area_id:
        return "area_too_many"
    levels = {area.level for area in known if area.area_id == area_id}
    if role in LOCAL and levels and LEVELS[role] not in levels:
        return f"area_wrong_{role}"
    return ""


def state_of(user: User, *, at: datetime | None = None) -> str:
    """Tell how an account stands: ``off``, ``one_time``, ``one_time_over`` or ``on``."""
    if not user.is_active:
        return "off"
    if user.one_time_until is not None:
        return "one_time" if user.one_time_until > (at or timezone.now()) else "one_time_over"
    return "on"


def administrators() -> int:
    """Count those who can give others an account."""
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count()
