"""Nothing typed is lost when a session ends: what is sent too late is kept for whom the session belonged to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from fordel.web.accounts.models import User
from fordel.web.drafts import actions
from fordel.web.drafts.queries import FLAG, drafts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, QueryDict

    View = Callable[..., HttpResponse]

SALT = "fordel.web.drafts.owner"
OWNER_SECONDS = 12 * 3600  # a form left open for longer than a working day is not kept
SECRET = frozenset({"token", "password"})
POLL = "Fordel-Poll"  # header of requests that a page makes by itself


@dataclass(frozen=True)
class Stands:
    """Where the form of a view that takes POST alone stands.

    Attributes:
        page: name of the view that shows it, with the same values in its address, or with none.
        form: what it asks; None where it is a button with nothing to type.
        also: names of what is chosen beside the form's own fields.
    """

    page: str
    form: type[forms.Form] | None
    also: tuple[str, ...] = ()

    def address(self, named: dict[str, Any]) -> str:
        """Give the address of the page."""
        try:
            return reverse(self.page, kwargs=named or None)
        except NoReverseMatch:  # the page is the same for all of them
            return reverse(self.page)

    def typed(self, given: QueryDict) -> dict[str, list[str]]:
        """Give what was typed into the form's own fields, but no secrets and no files."""
        known = self.form.base_fields if self.form else {}
        names = [*(name for name, field in known.items() if _may_be_kept(name, field)), *self.also]
        kept = {name: given.getlist(name) for name in names if name in given}
        return {name: [value.replace("\0", "") for value in values] for name, values in kept.items()}


def form_stands_on(
    page: str, form: type[forms.Form] | None = None, *, also: tuple[str, ...] = ()
) -> Callable[[View], View]:
    """Name the page on which the form of a view stands: every view that takes POST alone does."""

    def name(view: View) -> View:
        view.form_stands = Stands(page, form, also)  # type: ignore[attr-defined]
        return view

    return name


def keep_drafts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep what is sent after a session has ended, and lead to sign-in; runs after the check against forged forms."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        view = getattr(request.resolver_match, "func", None)
        if view is not None and getattr(view, "login_required", True):
            _after(request, response, view)
        return response

    def stop(request: HttpRequest, view: View, args: object, named: dict[str, Any]) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated:
            if POLL not in request.headers:
                request.session.modified = True  # half an hour from now
            return None
        stands: Stands | None = getattr(view, "form_stands", None)
        if request.method == "POST" and stands is not None:
            return _kept(request, stands, named)
        if request.headers.get("HX-Request"):
            to = redirect_to_login(request.get_full_path())["Location"]
            return HttpResponse(status=204, headers={"HX-Redirect": to})
        return None

    answer.process_view = stop  # type: ignore[attr-defined]
    return answer


def _kept(request: HttpRequest, stands: Stands, named: dict[str, Any]) -> HttpResponse:
    page, owner, fields = stands.address(named), owner_of(request), stands.typed(request.POST)
    if owner is not None and any(any(values) for values in fields.values()):
        actions.keep(owner, path=request.path, page=page, fields=fields, at=timezone.now())
    return redirect_to_login(page)


def _after(request: HttpRequest, response: HttpResponse, view: View) -> None:
    """Tell the browser whose the session is, and let go of a draft that is sent."""
    name = "__Host-owner" if settings.SESSION_COOKIE_SECURE else "owner"
    if not request.user.is_authenticated:
        if getattr(request.resolver_match, "view_name", "") == "accounts:sign-out":
            response.delete_cookie(name, samesite="Strict")
        return
    proof = signing.dumps({"user": request.user.pk, "session": _of_session(request.user)}, salt=SALT)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, proof, max_age=OWNER_SECONDS, secure=secure, httponly=True, samesite="Strict")
    sent = request.method == "POST" and response.status_code < 400 and hasattr(view, "form_stands")
    if sent and drafts_of(request):
        actions.forget_sent(request.user, request.path)
        request.session[FLAG] = any(draft.path != request.path for draft in drafts_of(request))


def owner_of(request: HttpRequest) -> User | None:
    """Give whose session has ended in this browser: proven by a cookie we signed, and only while their access stands.

    The cookie opens nothing: it only tells for whom to keep what was typed.
    """
    name = "__Host-owner" if settings.SESSION_COOKIE_SECURE else "owner"
    try:
        told = signing.loads(request.COOKIES.get(name, ""), salt=SALT, max_age=OWNER_SECONDS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    same = user is not None and constant_time_compare(told["session"], _of_session(user))
    return user if same else None


def _of_session(user: User) -> str:
    """Give what changes when the person's sessions must end."""
    return salted_hmac(SALT, user.get_session_auth_hash(), algorithm="sha256").hexdigest()


def _may_be_kept(name: str, field: forms.Field) -> bool:
    hidden = isinstance(field, forms.FileField) or isinstance(field.widget, forms.PasswordInput)
    return not hidden and name not in SECRET
