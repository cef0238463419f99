"""What is typed into a form whose session has ended: kept for that person alone, until it is sent or discarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts import actions as accounts
from fordel.web.accounts.models import User
from fordel.web.audit.models import Event
from fordel.web.drafts import actions
from fordel.web.drafts.keeping import Stands
from fordel.web.drafts.models import Draft
from fordel.web.placement.wishes import places_of
from fordel.web.runs.models import FinishedRun
from web.conftest import PASSWORD
from web.matrix import MATRIX
from web.test_signing_in import token_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]

SEARCH = {"region": "region-hovedstaden", "capacities": "37", "sites": "11", "seconds": "300"}


def end(client: Client) -> None:
    """Let half an hour pass: the row is old, and the browser has let go of its cookie."""
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    del client.cookies[settings.SESSION_COOKIE_NAME]


def sign_in(client: Client, role: str, answer: object = None) -> str:
    """Sign in where an answer leads; give the page one comes to."""
    to = getattr(answer, "headers", {}).get("Location", "/konto/log-ind/")
    page = parse_qs(urlsplit(to).query).get("next", [""])[0]
    done = client.post("/konto/log-ind/", {"username": role, "password": PASSWORD, "next": page})
    assert done.status_code == 302
    return str(done.headers["Location"])


@pytest.fixture
def kept(signed_in: Callable[[str], Client]) -> Client:
    """A browser of a planner whose search was sent too late."""
    client = signed_in("planner")
    client.get("/placering/")
    end(client)
    answer = client.post("/placering/ny/", SEARCH | {"csrfmiddlewaretoken": "x", "made_up": "y"})
    assert answer.headers["Location"] == "/konto/log-ind/?next=/placering/ny/"
    return client


def test_a_search_is_filled_in_again_and_its_draft_goes_with_sending(kept: Client) -> None:
    draft = Draft.objects.get()
    assert draft.fields == {name: [value] for name, value in SEARCH.items()}
    event = Event.objects.order_by("-id")[0]
    assert (event.what, event.who, event.known_as, event.new) == ("draft.kept", "planner", "/placering/ny/", None)
    assert sign_in(kept, "planner") == "/"
    assert "blev sendt, fordi du var logget ud" in kept.get("/").content.decode()
    page = kept.get("/placering/ny/").content.decode()
    assert "udfyldt igen" in page
    assert 'value="37"' in page
    assert '<option value="300" selected>' in page
    wrong = kept.post("/placering/ny/", SEARCH | {"capacities": "0"})
    assert (wrong.status_code, Draft.objects.count()) == (422, 1)
    assert kept.post("/placering/ny/", SEARCH).status_code == 302
    assert Draft.objects.count() == 0
    assert "udfyldt igen" not in kept.get("/placering/ny/").content.decode()


def test_it_can_be_discarded_by_its_owner_alone(kept: Client, signed_in: Callable[[str], Client]) -> None:
    address = reverse("drafts:discard", args=[Draft.objects.get().pk])
    assert signed_in("administrator").post(address).status_code == 404
    sign_in(kept, "planner")
    assert kept.post(address).headers["Location"] == "/placering/ny/"
    assert Event.objects.order_by("-id")[0].what == "draft.discarded"
    assert 'value="37"' not in kept.get("/placering/ny/").content.decode()


def test_another_person_at_the_same_browser_does_not_get_it(kept: Client) -> None:
    sign_in(kept, "analyst")
    page = kept.get("/placering/ny/").content.decode()
    assert "udfyldt igen" not in page
    assert 'value="37"' not in page
    assert kept.post("/placering/ny/", SEARCH).status_code == 302
    assert Draft.objects.get().user.username == "planner"  # what another sends lets go of nothing
    kept.post("/konto/log-ud/")
    sign_in(kept, "planner")
    assert 'value="37"' in kept.get("/placering/ny/").content.decode()


def test_a_form_of_accounts_keeps_its_ground(signed_in: Callable[[str], Client]) -> None:
    client, planner = signed_in("administrator"), User.objects.get(username="planner")
    client.get("/brugere/")
    end(client)
    answer = client.post(f"/brugere/{planner.pk}/slaa-fra/", {"ground": "Er holdt op"})
    planner.refresh_from_db()
    assert planner.is_active
    assert sign_in(client, "administrator", answer) == f"/brugere/{planner.pk}/"
    page = client.get(f"/brugere/{planner.pk}/").content.decode()
    assert page.count("Er holdt op") == 1
    assert '<details class="act" open><summary>Slå kontoen fra' in page


def test_files_passwords_and_tokens_are_not_kept(signed_in: Callable[[str], Client], rolled_back: FinishedRun) -> None:
    client = signed_in("planner")
    client.get("/import/")
    end(client)
    file = SimpleUploadedFile("a.csv", b"practice_id\n1\n")
    client.post("/import/ny/", {"base": rolled_back.snapshot_id, "kind": "capacities", "file": file})
    assert Draft.objects.get().fields == {"base": [rolled_back.snapshot_id], "kind": ["capacities"]}
    for address in ("/konto/adgangskode/", "/konto/andet-trin/opret/"):
        answer = client.post(address, {"old_password": "a", "new_password1": "b", "token": "123456"})
        assert answer.headers["Location"] == f"/konto/log-ind/?next={address}"
    assert Draft.objects.count() == 1

    class Form(forms.Form):
        said = forms.CharField()
        secret = forms.CharField(widget=forms.PasswordInput)
        token = forms.CharField()
        file = forms.FileField()

    typed = Stands("overview:overview", Form).typed(QueryDict("said=a%00b&said=c&secret=s&token=t&file=f&other=o"))
    assert typed == {"said": ["ab", "c"]}


def test_whose_it_was_is_proven(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("planner")
    client.get("/")
    end(client)
    proof = client.cookies["owner"].value
    assert client.cookies["owner"]["httponly"]
    assert client.cookies["owner"]["samesite"] == "Strict"
    other = User.objects.get(username="administrator")
    forged = signing.dumps({"user": other.pk, "session": "x"}, salt="fordel.web.drafts.owner")
    for wrong in ("", "nonsense", proof[:-1] + ("a" if proof[-1] != "a" else "b"), forged):
        client.cookies["owner"] = wrong
        assert client.post("/placering/ny/", SEARCH).status_code == 302
    client.cookies["owner"] = proof
    planner = User.objects.get(username="planner")
    accounts.give_one_time_password(planner.pk, ground="x", by="test", at=timezone.now())
    client.post("/placering/ny/", SEARCH)  # whose access has ended since has no drafts
    assert Draft.objects.count() == 0


def test_a_forged_form_is_not_kept(signed_in: Callable[[str], Client]) -> None:
    signed = signed_in("planner")
    signed.get("/")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed.cookies
    end(strict)
    answer = strict.post("/placering/ny/", SEARCH)
    assert answer.status_code == 403
    assert "Intet er ændret" in answer.content.decode()
    assert Draft.objects.count() == 0


def test_who_signs_out_leaves_nothing_behind(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("planner")
    client.get("/")
    client.post("/konto/log-ud/")
    assert not client.cookies["owner"].value
    client.post("/placering/ny/", SEARCH)
    assert Draft.objects.count() == 0


def test_drafts_are_forgotten(kept: Client) -> None:
    now = timezone.now()
    assert actions.forget_old(at=now + timedelta(days=settings.DRAFT_DAYS, seconds=-60)) == 0
    assert actions.forget_old(at=now + timedelta(days=settings.DRAFT_DAYS, seconds=60)) == 1
    draft = actions.keep(User.objects.get(username="planner"), path="/x/", page="/", fields={}, at=now)
    Draft.objects.filter(pk=draft.pk).update(kept_at=now - timedelta(days=settings.DRAFT_DAYS, seconds=1))
    sign_in(kept, "planner")
    assert "blev sendt" not in kept.get("/").content.decode()  # also where no worker has run


def test_the_way_back_goes_through_the_second_step(kept: Client) -> None:
    device = TOTPDevice.objects.create(user=User.objects.get(username="planner"), confirmed=True)
    sign_in(kept, "planner")
    assert kept.get("/placering/ny/?koersel=").headers["Location"] == "/konto/andet-trin/"
    done = kept.post("/konto/andet-trin/", {"token": token_of(device)})
    assert done.headers["Location"] == "/placering/ny/?koersel="
    assert 'value="37"' in kept.get("/placering/ny/").content.decode()


def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    client = signed_in("planner")
    client.get("/")
    row = Session.objects.filter(pk=client.session.session_key)
    soon = timezone.now() + timedelta(minutes=3)
    row.update(expire_date=soon)
    poll = {"HX-Request": "true", "Fordel-Poll": "1"}
    assert client.get("/opgaver/", headers=poll).status_code == 200
    assert row.get().expire_date == soon
    assert client.get("/konto/bliv/").status_code == 204
    assert row.get().expire_date > timezone.now() + timedelta(minutes=29)
    end(client)
    over = client.get("/opgaver/", headers=poll)
    assert (over.status_code, over.headers["HX-Redirect"]) == (204, "/konto/log-ind/?next=/opgaver/")


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.post and not row.public])
def test_every_form_says_where_it_stands(name: str) -> None:
    """A view that takes POST alone names the page of its form, so that nothing typed is lost: see drafts/keeping.py."""
    from django.urls import resolve

    row = MATRIX[name]
    stand_ins = {"RUN": "0" * 64}
    named = {key: value if isinstance(value, int) else stand_ins.get(value, 0) for key, value in row.own.items()}
    view = resolve(reverse(name, kwargs=named or None)).func
    page = resolve(urlsplit(view.form_stands.address(named)).path).view_name  # type: ignore[attr-defined]
    assert not MATRIX[page].post


def test_every_page_that_asks_by_itself_says_so() -> None:
    from pathlib import Path

    import fordel.web

    pages = [page.read_text(encoding="utf-8") for page in Path(fordel.web.__file__).parent.rglob("*.html")]
    polls = [page for page in pages if "every 2s" in page]
    assert len(polls) >= 3
    assert all("""hx-headers='{"Fordel-Poll": "1"}'""" in page for page in polls)


def test_chosen_places_are_kept_as_well(signed_in: Callable[[str], Client], rolled_back: FinishedRun) -> None:
    client = signed_in("planner")
    client.get("/placering/")
    cell = next(iter(places_of(rolled_back.folder, SEARCH["region"]).cells))
    end(client)
    sign_in(client, "planner", client.post("/placering/ny/", SEARCH | {"in": cell}))
    assert f'name="in" value="{cell}"' in client.get("/placering/ny/").content.decode()
