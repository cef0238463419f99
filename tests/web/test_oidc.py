"""Sign-in where the organisation does, against a provider that is really asked: the good path, and every false one."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from joserfc.jwk import RSAKey

from fordel.web.accounts import actions, oidc
from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from web.provider import Provider
from web.signing_in_elsewhere import begin, come_back, configure, is_out, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def test_the_good_way_leads_to_the_page_one_came_from(provider: Provider) -> None:
    client = Client()
    page = client.get("/konto/log-ind/?next=/praksis/%3Fq%3Da").content.decode()
    assert 'href="/konto/ekstern/?next=/praksis/%3Fq%3Da">Log ind med Kommunens login<' in page
    address = begin(client, "/praksis/?q=a")
    before = client.session.session_key
    answer = come_back(client, address)
    assert answer.headers["Location"] == "/praksis/?q=a"
    assert client.session.session_key != before
    assert client.get("/praksis/").status_code == 200
    event = Event.objects.order_by("-id")[0]
    assert (event.what, event.who) == ("account.signed_in", "planner")
    assert event.new == {"through": provider.issuer, "second_step": False}
    assert client.get("/konto/ekstern/").headers["Location"] == "/"


def false_key(provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "right"})


FALSE: dict[str, Callable[[Provider], None]] = {
    "nonce": lambda p: p.claims.update(nonce="of another sign-in"),
    "no nonce": lambda p: p.claims.update(nonce=None),
    "audience": lambda p: p.claims.update(aud="another client"),
    "audience, though for us": lambda p: p.claims.update(aud="another client", azp="fordel"),
    "no audience": lambda p: p.claims.update(aud=None),
    "many audiences": lambda p: p.claims.update(aud=["fordel", "another client"], azp="another client"),
    "issuer": lambda p: p.claims.update(iss="http://127.0.0.1:1"),
    "expired": lambda p: p.claims.update(exp=int(time.time()) - oidc.LEEWAY - 5),
    "not yet": lambda p: p.claims.update(nbf=int(time.time()) + 600),
    "no end": lambda p: p.claims.update(exp=None),
    "unsigned": lambda p: setattr(p, "unsigned", True),
    "no token": lambda p: setattr(p, "no_token", True),
    "another key": false_key,
}


@pytest.mark.parametrize("what", FALSE)
def test_a_false_token_signs_nobody_in(what: str, provider: Provider) -> None:
    FALSE[what](provider)
    client = Client()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "kunne ikke bekræftes" in answer.content.decode()
    assert is_out(client)


def test_a_false_or_used_state_or_code_signs_nobody_in(provider: Provider) -> None:
    client, victim = Client(), Client()
    address = begin(client)
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert come_back(victim, address).status_code == 403  # another browser has no such state
    assert client.get("/konto/ekstern/retur/", {"code": code, "state": "x"}).status_code == 403
    assert client.get("/konto/ekstern/retur/").status_code == 403
    assert is_out(client)
    assert come_back(client, address).status_code == 302
    again = Client()
    state = parse_qs(urlsplit(begin(again)).query)["state"][0]
    assert again.get("/konto/ekstern/retur/", {"code": code, "state": state}).status_code == 403  # a used code
    assert is_out(again)
    other = begin(again)
    stolen = parse_qs(urlsplit(begin(Client())).query)["code"][0]
    mixed = {"code": stolen, "state": parse_qs(urlsplit(other).query)["state"][0]}
    assert again.get("/konto/ekstern/retur/", mixed).status_code == 403  # a code of another sign-in: PKCE
    assert is_out(again)


@pytest.mark.parametrize("claims", [{"preferred_username": "nobody"}, {"preferred_username": "PLANNER"}])
def test_who_has_no_account_is_told_what_to_do(claims: dict[str, str], provider: Provider) -> None:
    provider.claims = dict(claims)
    client = Client()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert f"kender dig som {claims['preferred_username']}" in answer.content.decode()
    event = Event.objects.order_by("-id")[0]
    assert (event.what, event.known_as, event.who) == ("account.sign_in_refused", claims["preferred_username"], "oidc")
    assert event.new == {"why": "no_account", "through": provider.issuer}
    assert is_out(client)


def test_who_is_switched_off_stays_out(provider: Provider) -> None:
    user = User.objects.get(username="planner")
    actions.switch_off(user.pk, ground="x", by="test", at=timezone.now())
    client = Client()
    assert "er slået fra" in sign_in(client).content.decode()
    assert Event.objects.order_by("-id")[0].new["why"] == "off"  # type: ignore[index]
    assert is_out(client)


@pytest.mark.parametrize("name", [None, "", " ", 7, ["planner"], "a\0b"])
def test_a_name_that_is_none_signs_nobody_in(name: object, provider: Provider) -> None:
    provider.claims = {"preferred_username": name}
    assert "fortæller ikke" in sign_in(Client()).content.decode()


def test_an_address_counts_only_when_it_is_verified(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, claim="email")
    User.objects.filter(username="planner").update(username="pia@example.org")
    provider.claims = {"email": "pia@example.org", "email_verified": False}
    assert sign_in(Client()).status_code == 403
    provider.claims = {"email": "pia@example.org", "email_verified": True}
    assert sign_in(Client()).status_code == 302


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(to: str, provider: Provider) -> None:
    client = Client()
    assert come_back(client, begin(client, to)).headers["Location"] == "/"


def test_the_second_step_is_ours_unless_the_provider_s_is_named(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REQUIRE_SECOND_STEP", True)
    user = User.objects.get(username="planner")
    provider.claims |= {"acr": "high", "amr": ["pwd", "mfa"]}
    client = Client()
    sign_in(client)
    assert client.get("/").headers["Location"] == "/konto/andet-trin/opret/"
    for named in ({"high"}, {"mfa", "x"}):
        configure(monkeypatch, second_step=frozenset(named))
        client = Client()
        sign_in(client)
        assert client.get("/").status_code == 200
    TOTPDevice.objects.create(user=user, confirmed=True)
    configure(monkeypatch, second_step=frozenset({"other"}))
    client = Client()
    sign_in(client)
    assert client.get("/").headers["Location"] == "/konto/andet-trin/"


def test_a_one_time_password_need_not_be_changed_by_who_does_not_use_it(provider: Provider) -> None:
    user = User.objects.get(username="planner")
    actions.give_one_time_password(user.pk, ground="x", by="test", at=timezone.now())
    client = Client()
    sign_in(client)
    assert client.get("/").status_code == 200
    actions.switch_off(user.pk, ground="x", by="test", at=timezone.now())
    assert is_out(client)


def test_a_provider_that_refuses_or_is_away_is_said(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    denied = Client().get("/konto/ekstern/retur/", {"error": "access_denied", "state": "x"})
    assert (denied.status_code, "har afvist" in denied.content.decode()) == (403, True)
    configure(monkeypatch, issuer="http://127.0.0.1:9")
    away = Client().get("/konto/ekstern/")
    assert (away.status_code, "svarer ikke" in away.content.decode()) == (502, True)
    assert "Connection refused" in " ".join(oidc.faults())


def test_the_set_up_is_checked(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [fault[:50] for fault in oidc.faults()] == [
        f"FORDEL_OIDC_ISSUER is {provider.issuer}: tokens would travel"[:50]
    ]
    configure(monkeypatch, issuer=f"{provider.issuer}/")
    assert f"it says it is {provider.issuer}" in oidc.faults()[1]
    assert Client().get("/konto/ekstern/").status_code == 403
    configure(monkeypatch, secret="")
    assert oidc.faults() == ["FORDEL_OIDC_ISSUER is set, but FORDEL_OIDC_CLIENT_SECRET is not. Try: set all, or none"]
    assert Client().get("/konto/ekstern/").status_code == 404
    configure(monkeypatch, issuer="", client_id="", secret="")
    assert oidc.faults() == []
    assert "/konto/ekstern/" not in Client().get("/konto/log-ind/").content.decode()
