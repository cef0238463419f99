"""An administrator manages accounts; one-time passwords; what ends when somebody may no longer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from typer.testing import CliRunner, Result

from fordel.cli import app
from fordel.web.accounts import actions
from fordel.web.accounts.models import User
from fordel.web.api.actions import make_key
from fordel.web.audit.models import Event
from fordel.web.runs.models import FinishedRun

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
NEW = {"username": "ny.planlægger", "name": "Åse Ny", "email": "aase@example.org", "role": "planner"}
NEW |= {"area": "region-hovedstaden", "ground": "Ansat 1. december"}
Command = Callable[..., Result]
OWN = "en-lang-adgangskode-2026"


def told(page: str) -> str:
    return str(re.findall(r'id="one-time-password">([a-z0-9-]+)<', page)[0])


def last(what: str) -> Event:
    return Event.objects.filter(what=what).order_by("-id")[0]


def sign_in(username: str, password: str) -> Client:
    client = Client()
    assert client.post("/konto/log-ind/", {"username": username, "password": password}).status_code == 302
    return client


@pytest.fixture
def command(rolled_back: FinishedRun, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `fordel account` on the database of the test."""
    from fordel.cli import _web

    monkeypatch.setattr(_web, "open_home", lambda home: None)
    monkeypatch.setattr(_web, "migrate_database", lambda: None)
    return lambda *words: CliRunner().invoke(app, ["account", *words], env={"COLUMNS": "160"})


def test_a_new_account_signs_in_once_and_must_choose_a_password(signed_in: Callable[[str], Client]) -> None:
    administrator = signed_in("administrator")
    page = administrator.post("/brugere/opret/", NEW)
    password = told(page.content.decode())
    event = last("account.made")
    assert (event.who, event.known_as, event.ground) == ("administrator", NEW["username"], NEW["ground"])
    assert event.new == {"name": "Åse Ny", "email": NEW["email"], "role": "planner", "area": "region-hovedstaden"}
    assert (
        password not in administrator.get(f"/brugere/{User.objects.get(username=NEW['username']).pk}/").content.decode()
    )
    client = sign_in(NEW["username"], password)
    for address in ("/", "/praksis/", "/api/v1/runs", "/konto/", "/konto/andet-trin/opret/"):
        assert client.get(address).headers["Location"] == "/konto/adgangskode/", address
    wrong = {"old_password": password, "new_password1": "kort", "new_password2": "kort"}
    short = client.post("/konto/adgangskode/", wrong)
    assert short.status_code == 422
    assert "mindst 12 tegn" in short.content.decode()
    same = client.post("/konto/adgangskode/", wrong | {"new_password1": password, "new_password2": password})
    assert "Det er den adgangskode, du har nu" in same.content.decode()
    chosen = {"old_password": password, "new_password1": OWN, "new_password2": OWN}
    before = client.session.session_key
    assert client.post("/konto/adgangskode/", chosen).status_code == 302
    assert client.session.session_key != before
    assert client.get("/praksis/").status_code == 200
    assert "Åse Ny" in administrator.get("/brugere/?q=ÅSE").content.decode()
    assert "Ingen brugere" in administrator.get("/brugere/?q=findes-ikke").content.decode()
    assert "ny.planlægger" not in administrator.get("/brugere/?tilstand=off").content.decode()


def test_a_one_time_password_runs_out(rolled_back: FinishedRun) -> None:
    account = User.objects.get(username="planner")
    made_at = timezone.now() - timedelta(days=actions.ONE_TIME_DAYS, seconds=1)
    password = actions.give_one_time_password(account.pk, ground="x", by="test", at=made_at)
    late = Client().post("/konto/log-ind/", {"username": "planner", "password": password})
    wrong = Client().post("/konto/log-ind/", {"username": "planner", "password": "x"})
    alerts = [re.findall(r'alert-text">([^<]*)', answer.content.decode()) for answer in (late, wrong)]
    assert late.status_code == 200
    assert alerts[0] == alerts[1]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("area", "", "Rollen ser kun ét område"),
        ("area", "sundhedsraad-hovedstaden", "En planlægger hører til en region"),
        ("role", "analyst", "Rollen ser hele landet"),
        ("username", "PLANNER", "Brugernavnet er taget"),
        ("username", "a b", "Indtast et gyldigt brugernavn"),
        ("ground", " ", "Dette felt er påkrævet"),
        ("email", "ikke-en-adresse", "Indtast en gyldig e-mail"),
        ("role", "king", "Marker en gyldig valgmulighed"),
    ],
)
def test_a_wrong_account_is_refused_with_a_sentence(
    field: str, value: str, says: str, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("administrator").post("/brugere/opret/", NEW | {field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()


ACTS = {
    "ret": {"name": "P", "role": "politician", "area": "sundhedsraad-hovedstaden"},
    "slaa-fra": {},
    "adgangskode": {},
}


@pytest.mark.parametrize("act", [*ACTS, "andet-trin"])
def test_sessions_and_keys_end_with_what_they_rest_on(act: str, signed_in: Callable[[str], Client]) -> None:
    planner, administrator = signed_in("planner"), signed_in("administrator")
    user = User.objects.get(username="planner")
    TOTPDevice.objects.create(user=user, confirmed=False)
    _, key = make_key(user, name="k", days=9, by="planner", at=timezone.now())
    program = Client(headers={"authorization": f"Bearer {key}"})
    assert planner.get("/praksis/").status_code == program.get("/api/v1/runs").status_code == 200
    answer = administrator.post(f"/brugere/{user.pk}/{act}/", {"ground": "Skal ikke længere", **ACTS.get(act, {})})
    assert answer.status_code in (200, 302)
    assert planner.get("/praksis/").headers["Location"].startswith("/konto/log-ind/")
    assert program.get("/api/v1/runs").status_code == 401
    assert last("key.revoked").who == "administrator"
    what = {"ret": "changed", "slaa-fra": "switched_off", "adgangskode": "password_reset"}
    assert last(f"account.{what.get(act, 'second_step_taken_away')}").ground == "Skal ikke længere"
    if act == "slaa-fra":
        administrator.post(f"/brugere/{user.pk}/slaa-til/", {"ground": "Fejl"})
        assert last("account.switched_on").old == {"active": False}
        assert planner.get("/praksis/").status_code == 302  # a session from before stays ended
        assert program.get("/api/v1/runs").status_code == 401


def test_another_name_ends_nothing_and_tells_old_and_new(signed_in: Callable[[str], Client]) -> None:
    planner, administrator = signed_in("planner"), signed_in("administrator")
    user = User.objects.get(username="planner")
    given = {"name": "Nyt Navn", "role": "planner", "area": user.area_id, "ground": "Gift"}
    assert administrator.post(f"/brugere/{user.pk}/ret/", given).status_code == 302
    event, events = last("account.changed"), Event.objects.filter(what="account.changed").count()
    assert (event.old, event.new, event.ground) == ({"name": "planner"}, {"name": "Nyt Navn"}, "Gift")
    assert planner.get("/praksis/").status_code == 200
    administrator.post(f"/brugere/{user.pk}/ret/", given)
    assert Event.objects.filter(what="account.changed").count() == events  # nothing changed


def test_nobody_takes_away_themselves_or_the_last_administrator(signed_in: Callable[[str], Client]) -> None:
    client, own = signed_in("administrator"), User.objects.get(username="administrator")
    for act in ("slaa-fra", "adgangskode", "andet-trin"):
        answer = client.post(f"/brugere/{own.pk}/{act}/", {"ground": "x"})
        assert answer.status_code == 422
    answer = client.post(f"/brugere/{own.pk}/ret/", {"name": "A", "role": "analyst", "ground": "x"})
    assert "Du kan ikke fratage dig selv" in answer.content.decode()
    now = timezone.now()
    with pytest.raises(actions.Refused, match="last_administrator"):
        actions.switch_off(own.pk, ground="x", by="test", at=now)
    with pytest.raises(actions.Refused, match="last_administrator"):
        actions.change(own.pk, name="", email="", role="auditor", area_id="", ground="x", by="test", at=now)
    own.refresh_from_db()
    assert (own.is_active, own.role, own.access) == (True, "administrator", 1)


def test_two_administrators_cannot_take_each_other_away_at_once(finished: FinishedRun) -> None:
    now, refused = timezone.now(), []
    other = actions.make(username="second", password=OWN, role="administrator", area_id="", name="2", by="test", at=now)
    first = User.objects.get(username="administrator")

    def take_away(whom: User, by: str) -> None:
        try:
            actions.switch_off(whom.pk, ground="x", by=by, at=now)
        except actions.Refused as fault:
            refused.append(fault.key)
        finally:
            connection.close()

    try:
        both = [Thread(target=take_away, args=pair) for pair in ((other, "administrator"), (first, "second"))]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert refused == ["last_administrator"]
        assert User.objects.filter(role="administrator", is_active=True).count() == 1
    finally:
        other.delete()
        User.objects.filter(pk=first.pk).update(is_active=True, access=1)


def test_the_second_step_comes_before_a_new_password(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User.objects.get(username="planner")
    actions.give_one_time_password(user.pk, ground="x", by="test", at=timezone.now())
    monkeypatch.setattr(settings, "REQUIRE_SECOND_STEP", True)
    assert signed_in("planner").get("/").headers["Location"] == "/konto/adgangskode/"
    TOTPDevice.objects.create(user=user, confirmed=True)
    client = signed_in("planner")
    assert client.get("/konto/adgangskode/").headers["Location"] == "/konto/andet-trin/"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("make", "asta", "--role", "king"), "with one of planner, politician"),
        (("make", "asta", "--role", "planner"), "Try: --area ID"),
        (("make", "asta", "--role", "planner", "--area", "region-nowhere"), "region-hovedstaden, region-midtjylland"),
        (("make", "a b", "--role", "auditor"), "Enter a valid username"),
        (("make", "asta", "--role", "auditor", "--email", "x"), "Enter a valid email address"),
        (("make", "Planner", "--role", "auditor"), "The user name is taken"),
        (("reset", "nobody"), "Try: fordel account list"),
    ],
)
def test_the_command_line_refuses_with_a_sentence(words: tuple[str, ...], says: str, command: Command) -> None:
    done = command(*words)
    assert done.exit_code == 2
    assert says in done.output


def test_the_command_line_makes_the_first_and_lets_people_in_again(command: Command) -> None:
    done = command("make", "asta", "--role", "administrator", "--full-name", "Asta Ny")
    password = re.findall(r"^  (\S{19})$", done.output, re.MULTILINE)[0]
    assert sign_in("asta", password).get("/").headers["Location"] == "/konto/adgangskode/"
    TOTPDevice.objects.create(user=User.objects.get(username="asta"), confirmed=True)
    again = command("reset", "asta", "--second-step")
    new = re.findall(r"^  (\S{19})$", again.output, re.MULTILINE)[0]
    assert new != password
    assert sign_in("asta", new).get("/").headers["Location"] == "/konto/adgangskode/"
    assert last("account.password_reset").who == "command line"
    assert "Asta Ny" in command("list").output
