"""Signing in: sessions, lockout, the second step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from fordel.web.runs.models import FinishedRun

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
GOOD = {"username": "planner", "password": "a-long-enough-password"}


def token_of(device: TOTPDevice) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    return f"{totp.token():06d}"


def test_signing_in_changes_the_session_and_is_recorded(rolled_back: FinishedRun) -> None:
    signed_in_events = Event.objects.filter(what="account.signed_in", known_as="planner")
    before, client = signed_in_events.count(), Client()
    client.get("/konto/log-ind/")
    session = client.session
    session["left"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    assert client.post("/konto/log-ind/", GOOD).status_code == 302
    assert client.session.session_key != session.session_key
    assert signed_in_events.count() == before + 1


def test_five_wrong_passwords_lock_and_the_right_one_no_longer_opens(rolled_back: FinishedRun) -> None:
    client = Client()
    answers = [client.post("/konto/log-ind/", GOOD | {"password": f"wrong-{n}"}).status_code for n in range(5)]
    assert answers[:4] == [200] * 4
    locked = client.post("/konto/log-ind/", GOOD)
    assert locked.status_code == 429
    assert "kvarter" in locked.content.decode()
    assert client.post("/konto/log-ind/", GOOD | {"username": "analyst"}).status_code == 302


def test_the_second_step_is_set_up_and_then_asked_for(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("planner")
    page = client.get("/konto/andet-trin/opret/").content.decode()
    device = TOTPDevice.objects.get(user__username="planner", confirmed=False)
    assert "<svg" in page
    assert "seks cifre" in client.post("/konto/andet-trin/opret/", {"token": "abc"}).content.decode()
    assert client.post("/konto/andet-trin/opret/", {"token": token_of(device)}).status_code == 302
    assert client.get("/praksis/").status_code == 200
    again = signed_in("planner")
    assert again.get("/praksis/").headers["Location"] == "/konto/andet-trin/"
    assert again.get("/konto/andet-trin/opret/").headers["Location"] == "/konto/andet-trin/"
    device.refresh_from_db()
    assert again.post("/konto/andet-trin/", {"token": token_of(device)}).status_code == 200  # used already
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_count=0)
    assert again.post("/konto/andet-trin/", {"token": token_of(device)}).status_code == 302
    assert again.get("/praksis/").status_code == 200


def test_where_it_is_required_nothing_else_opens(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REQUIRE_SECOND_STEP", True)
    client = signed_in("auditor")
    for address in ("/", "/log/", "/praksis/", "/konto/"):
        assert client.get(address).headers["Location"] == "/konto/andet-trin/opret/"


def test_who_is_no_longer_active_is_out(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("planner")
    User.objects.filter(username="planner").update(is_active=False)
    assert client.get("/praksis/").headers["Location"].startswith("/konto/log-ind/")
