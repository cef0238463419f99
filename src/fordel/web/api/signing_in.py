"""Who asks: somebody with a key, or somebody signed in to the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from fordel.web.accounts.permissions import may
from fordel.web.api.actions import digest_of
from fordel.web.api.models import Key

if TYPE_CHECKING:
    from django.http import HttpRequest

    from fordel.web.accounts.models import User


class WithKey(HttpBearer):
    """A key in the header ``Authorization: Bearer …``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Find whose key it is; nobody's where it has ended, was taken back, or its owner is no longer active."""
        good = Key.objects.select_related("user").filter(revoked_at=None, expires_at__gt=timezone.now())
        key = good.filter(digest=digest_of(token), user__is_active=True).first()
        if key is None:
            return None
        request.user = key.user
        return key.user


class SignedIn(SessionAuth):
    """The session of the pages."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        """Give who is signed in."""
        return request.user if request.user.is_authenticated and request.user.is_active else None


def allow(request: HttpRequest, permission: str) -> None:
    """Go on only where the person may.

    Raises:
        PermissionDenied: they may not.
    """
    if not may(request.user, permission):
        raise PermissionDenied
