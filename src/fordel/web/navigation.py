"""What stands around every page: the menu of what the person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from fordel.web.accounts.permissions import may
from fordel.web.drafts.queries import shown
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Entry:
    """One entry of the menu: the page it leads to, the text it shows, the permission it takes, other apps it covers."""

    view: str
    text: str
    permission: str
    also: tuple[str, ...] = ()

    @property
    def app(self) -> str:
        """The app the page belongs to."""
        return self.view.partition(":")[0]


MENU = (
    Entry("overview:overview", "overview.overview", "overview.view"),
    Entry("areas:areas", "areas.areas", "areas.view"),
    Entry("practices:practices", "practices.practices", "practices.view"),
    Entry("coverage:coverage", "coverage.coverage", "coverage.view"),
    Entry("placement:searches", "placement.placement", "placement.view"),
    Entry("runs:runs", "runs.runs", "runs.view", ("comparisons",)),
    Entry("imports:imports", "imports.imports", "imports.view"),
    Entry("jobs:jobs", "jobs.jobs", "jobs.view"),
    Entry("lawbook:parameters", "lawbook.lawbook", "law.view"),
    Entry("programs:docs", "api.api", "api.use"),
    Entry("users:users", "accounts.users", "accounts.manage"),
    Entry("audit:events", "audit.audit", "audit.view"),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the menu, the person's drafts, the language and the other language."""
    user = getattr(request, "user", None)
    here = getattr(request.resolver_match, "namespace", "")
    menu = [
        {
            "href": reverse(entry.view),
            "text": text(entry.text),
            "here": here in (entry.app, *entry.also),
        }
        for entry in MENU
        if user is not None and may(user, entry.permission)
    ]
    now = language()
    return {
        "menu": menu,
        "drafts": shown(request) if user is not None else [],
        "session_seconds": str(settings.SESSION_COOKIE_AGE),  # as a number it would be written 1.800
        "lang": now,
        "other_lang": "en" if now == "da" else "da",
        "demo": settings.DEMO,
    }
