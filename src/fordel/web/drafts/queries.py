"""Read one's drafts. Who has none pays no query: whether there are any is found at sign-in and told in the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from fordel.web.drafts.actions import oldest
from fordel.web.drafts.models import Draft

if TYPE_CHECKING:
    from django.http import HttpRequest

    from fordel.web.accounts.models import User

FLAG = "drafts"  # in the session: there are some


@dataclass(frozen=True)
class Shown:
    """A draft as the banner shows it.

    Attributes:
        here: whether its form stands on the page that is being made.
    """

    draft: Draft
    here: bool


def look_for_drafts(*, request: HttpRequest, user: User, **_: object) -> None:
    """Tell the new session whether there are drafts of the person who has signed in."""
    if hasattr(request, "session") and _good(user).exists():
        request.session[FLAG] = True


def drafts_of(request: HttpRequest) -> list[Draft]:
    """Give the person's drafts, newest first."""
    if not hasattr(request, "_drafts"):
        has = getattr(request, "session", {}).get(FLAG) and request.user.is_authenticated
        request._drafts = list(_good(request.user)) if has else []  # type: ignore[attr-defined,arg-type]
    return list(request._drafts)  # type: ignore[attr-defined]


def shown(request: HttpRequest) -> list[Shown]:
    """Give the person's drafts for the banner."""
    return [Shown(draft, draft.page == request.path) for draft in drafts_of(request)]


def filled(request: HttpRequest, view: str, **named: Any) -> dict[str, Any]:
    """Give what was typed into the form that is sent to a view; nothing where there is no draft of it."""
    path = reverse(view, kwargs=named or None)
    typed: list[dict[str, list[str]]] = [draft.fields for draft in drafts_of(request) if draft.path == path]
    fields = typed[0] if typed else {}
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _good(user: User) -> Any:
    return Draft.objects.filter(user=user, kept_at__gte=oldest(timezone.now()))
