"""Which imports a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.web.imports.models import Import

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from fordel.web.accounts.models import User


def for_user(user: User) -> QuerySet[Import]:
    """Give the imports of the person's own region; all for national roles."""
    every = Import.objects.select_related("base", "snapshot").prefetch_related("uploads")
    return every.filter(region=user.area_id) if user.area_id else every
