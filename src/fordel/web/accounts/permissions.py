"""May this person? Predicates named by permission; a page without one does not exist."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from rules.permissions import add_perm, has_perm, perm_exists
from rules.predicates import Predicate

from fordel.web.accounts.roles import MAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def _predicate(permission: str) -> Predicate:
    return Predicate(lambda user: permission in MAY.get(getattr(user, "role", ""), ()), name=permission)


for _permission in sorted(frozenset().union(*MAY.values())):
    add_perm(_permission, _predicate(_permission))


def may(user: Any, permission: str) -> bool:
    """Tell whether a person may; who is not signed in, or no longer active, may nothing.

    Raises:
        KeyError: no such permission.
    """
    if not perm_exists(permission):
        raise KeyError(permission)
    return bool(user.is_authenticated and user.is_active and has_perm(permission, user))


def permission(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Guard a view: 403 for those whose role may not. What of it they see is for the queries, with 404."""
    if not perm_exists(name):
        raise KeyError(name)

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not may(request.user, name):
                raise PermissionDenied
            return view(request, *args, **named)

        guarded.permission = name  # type: ignore[attr-defined]
        return guarded

    return guard
