"""What somebody who means harm tries at sign-in: fixed sessions, guessed passwords, spoofed addresses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts import actions
from fordel.web.accounts.models import User
from fordel.web.runs.models import FinishedRun
from web.conftest import PASSWORD
from web.test_signing_in import GOOD, token_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def test_no_step_keeps_the_session_key_from_before(rolled_back: FinishedRun) -> None:
    client = Client()
    keys = []
    client.post("/konto/log-ind/", GOOD)
    keys.append(client.session.session_key)
    client.get("/konto/andet-trin/opret/")
    device = TOTPDevice.objects.get(user__username="planner")
    client.post("/konto/andet-trin/opret/", {"token": token_of(device)})
    keys.append(client.session.session_key)
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    client.post("/konto/log-ud/")
    client.post("/konto/log-ind/", GOOD)
    keys.append(client.session.session_key)
    client.post("/konto/andet-trin/", {"token": token_of(device)})
    keys.append(client.session.session_key)
    new = {"old_password": PASSWORD, "new_password1": "en-ny-lang-en-26", "new_password2": "en-ny-lang-en-26"}
    client.post("/konto/adgangskode/", new)
    keys.append(client.session.session_key)
    assert len(set(keys)) == 5


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(rolled_back: FinishedRun) -> None:
    client = Client()
    client.get("/konto/log-ind/")
    client.post("/konto/log-ind/", GOOD)
    client.get("/")
    client.post("/sprog/", {"language": "en"})
    assert set(client.cookies) == {"session", "csrftoken", "owner", settings.LANGUAGE_COOKIE_NAME}
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] in ("Lax", "Strict")
        assert not cookie["domain"]


def test_where_there_is_https_cookies_go_nowhere_else() -> None:
    shown = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SESSION_COOKIE_NAME CSRF_COOKIE_NAME DEBUG"
    code = f"from fordel.web import settings as s; print([getattr(s, n) for n in '{shown}'.split()])"
    env = {key: value for key, value in os.environ.items() if not key.startswith(("FORDEL", "DATABASE"))}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[True, True, True, '__Host-session', '__Host-csrftoken', False]"


def test_a_spoofed_address_does_not_open_the_lock(rolled_back: FinishedRun) -> None:
    for number in range(6):
        spoofed = {
            "x-forwarded-for": f"192.0.2.{number}",
            "x-real-ip": f"192.0.2.{number}",
            "forwarded": f"for=192.0.2.{number}",
        }
        answer = Client(headers=spoofed).post("/konto/log-ind/", GOOD | {"password": "wrong"})
    assert answer.status_code == 429
    assert Client(headers={"x-forwarded-for": "198.51.100.1"}).post("/konto/log-ind/", GOOD).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.1").post("/konto/log-ind/", GOOD).status_code == 302  # another machine


def test_nothing_tells_which_user_names_there_are(rolled_back: FinishedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words, and the same work: a password is hashed once, whoever is named."""
    off, late = User.objects.get(username="analyst"), User.objects.get(username="politician")
    actions.switch_off(off.pk, ground="x", by="test", at=timezone.now())
    then = timezone.now() - timedelta(days=9)
    one_time = actions.give_one_time_password(late.pk, ground="x", by="test", at=then)
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(salt)
        return str(encode(hasher, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    tries = {"planner": "wrong", "nobody": "wrong", "analyst": PASSWORD, "politician": one_time}
    said, work = set(), set()
    for username, password in tries.items():
        hashed.clear()
        answer = Client().post("/konto/log-ind/", {"username": username, "password": password})
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(username, "")
        said.add((answer.status_code, page))
        work.add(len(hashed))
    assert len(said) == 1
    assert work == {1}
    for username in ("planner", "nobody"):
        reset()
        answers = [Client().post("/konto/log-ind/", {"username": username, "password": "x"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
