"""The way to the provider of a sign-in and back, as a browser goes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings
from django.test import Client

from fordel.web.accounts import oidc
from fordel.web.accounts.models import User


def configure(monkeypatch: pytest.MonkeyPatch, **how: Any) -> None:
    oidc._client.cache_clear()
    monkeypatch.setattr(settings, "OIDC", settings.OIDC | {"name": "Kommunens login"} | how)


def begin(client: Client, to: str = "") -> str:
    """Go to the provider, be signed in there, and give where it leads back to."""
    there = client.get("/konto/ekstern/", {"next": to} if to else {}).headers["Location"]
    return str(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])


def come_back(client: Client, address: str) -> Any:
    asked = urlsplit(address)
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == "http://testserver/konto/ekstern/retur/"
    return client.get(f"{asked.path}?{asked.query}")


def sign_in(client: Client) -> Any:
    return come_back(client, begin(client))


def is_out(client: Client) -> bool:
    return bool(client.get("/konto/").status_code == 302)


def who_is_in(client: Client) -> str:
    return User.objects.get(pk=client.session["_auth_user_id"]).username
