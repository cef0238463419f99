"""What is done to drafts, each with its event, which tells of the form but not of what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from fordel.web.audit.actions import record
from fordel.web.drafts.models import Draft

if TYPE_CHECKING:
    from datetime import datetime

    from fordel.web.accounts.models import User


@transaction.atomic
def keep(user: User, *, path: str, page: str, fields: dict[str, list[str]], at: datetime) -> Draft:
    """Keep what somebody typed; it takes the place of what was kept of the same form before."""
    told = {"page": page, "fields": fields, "kept_at": at}
    draft, _ = Draft.objects.update_or_create(user=user, path=path, defaults=told)
    record("draft.kept", "draft", path, by=user.username, at=at)
    return draft


@transaction.atomic
def discard(draft: Draft, *, by: str, at: datetime) -> None:
    """Let a draft go unsent."""
    draft.delete()
    record("draft.discarded", "draft", draft.path, by=by, at=at)


def forget_sent(user: User, path: str) -> None:
    """Let go of what was kept of a form that is now sent; the act it asked for has its own event."""
    Draft.objects.filter(user=user, path=path).delete()


def forget_old(*, at: datetime) -> int:
    """Let go of drafts nobody came back for, and of sessions that have ended.

    Returns:
        how many drafts.
    """
    Session.objects.filter(expire_date__lt=at).delete()
    return Draft.objects.filter(kept_at__lt=oldest(at)).delete()[0]


def oldest(at: datetime) -> datetime:
    """Give when a draft must have been kept at the earliest to be there still."""
    return at - timedelta(days=settings.DRAFT_DAYS)
