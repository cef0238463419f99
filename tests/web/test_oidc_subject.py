"""An account is that of one person at the provider, whatever they and others are called there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fordel.web.accounts import actions, oidc
from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from web.provider import Provider
from web.signing_in_elsewhere import is_out, sign_in, who_is_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


def test_who_takes_over_a_user_name_does_not_take_over_the_account(provider: Provider) -> None:
    """Whoever gets the user name of somebody who left got their account, too."""
    assert sign_in(Client()).status_code == 302
    user = User.objects.get(username="planner")
    assert (user.issuer, user.subject) == (provider.issuer, "1")
    bound = Event.objects.filter(what="account.bound_to_provider")
    assert [(event.who, event.new) for event in bound] == [("planner", {"through": provider.issuer})]
    provider.claims |= {"sub": "2"}
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, "hører til en anden person" in answer.content.decode()) == (403, True)
    assert Event.objects.order_by("-id")[0].new == {"why": "other_person", "through": provider.issuer}
    assert is_out(client)
    actions.forget_provider(user.pk, ground="a new identity", by="test", at=timezone.now())
    assert sign_in(client).status_code == 302
    user.refresh_from_db()
    assert user.subject == "2"
    assert bound.all().count() == 2


def test_of_two_who_come_at_once_the_second_stays_out(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both found the account unbound; the second took it from the first."""
    found = oidc.account_of

    def found_late(claims: Any) -> User:
        user = found(claims)
        actions.bind_to_provider(user.pk, provider.issuer, "the first", at=timezone.now())
        return user

    monkeypatch.setattr(oidc, "account_of", found_late)
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, "hører til en anden person" in answer.content.decode()) == (403, True)
    assert is_out(client)
    assert User.objects.get(username="planner").subject == "the first"


def test_who_is_called_something_else_at_the_provider_is_the_same_person(provider: Provider) -> None:
    assert sign_in(Client()).status_code == 302
    for named in ("analyst", "nobody"):
        provider.claims = {"preferred_username": named}
        client = Client()
        sign_in(client)
        assert who_is_in(client) == "planner"
    assert Event.objects.filter(what="account.bound_to_provider").count() == 1


def test_another_provider_does_not_know_who_is_who_at_the_first(provider: Provider) -> None:
    User.objects.filter(username="planner").update(issuer="https://before.example.org", subject="1")
    User.objects.filter(username="analyst").update(issuer="https://before.example.org", subject="2")
    provider.claims |= {"sub": "2"}
    client = Client()
    assert sign_in(client).status_code == 302
    assert who_is_in(client) == "planner"


@pytest.mark.parametrize("subject", [None, "", 7, "x" * 256, "a\0b"])
def test_whoever_the_provider_cannot_tell_is_nobody(subject: object, provider: Provider) -> None:
    provider.claims |= {"sub": subject}
    assert sign_in(Client()).status_code == 403


def test_the_administrator_lets_a_new_identity_in(provider: Provider, signed_in: Callable[[str], Client]) -> None:
    user = User.objects.get(username="planner")
    client = signed_in("administrator")
    assert "Glem login-udbyderen" not in client.get(f"/brugere/{user.pk}/").content.decode()
    sign_in(Client())
    page = client.get(f"/brugere/{user.pk}/").content.decode()
    assert "Glem login-udbyderen" in page
    assert provider.issuer in page
    there = client.post(f"/brugere/{user.pk}/login-udbyder/", {"ground": "Ny identitet"})
    assert there.headers["Location"] == f"/brugere/{user.pk}/"
    event = Event.objects.get(what="account.provider_forgotten")
    assert (event.who, event.known_as, event.ground) == ("administrator", "planner", "Ny identitet")
    assert event.old == {"through": provider.issuer}
