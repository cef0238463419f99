"""Pages of drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from fordel.web.drafts import actions
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.models import Draft
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@form_stands_on("overview:overview")
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Let one of one's own drafts go."""
    draft = get_object_or_404(Draft, pk=draft_id, user=request.user)
    actions.discard(draft, by=request.user.get_username(), at=timezone.now())
    messages.success(request, text("drafts.discarded"))
    return redirect(draft.page)
