"""Sign in where the organisation does: OpenID Connect, authorization code flow with PKCE. Needs the extra `oidc`.

Who somebody is comes from the provider; that they have an account here, and their role, comes from Fordel alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from fordel.web.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")  # never `none` or HMAC
NEEDED = {"issuer": "FORDEL_OIDC_ISSUER", "client_id": "FORDEL_OIDC_CLIENT_ID", "secret": "FORDEL_OIDC_CLIENT_SECRET"}
SECONDS = 5  # to wait for the provider
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2
LEEWAY = 30  # seconds by which clocks may differ


class Refused(Exception):
    """Nobody is signed in; ``key`` names the text that says why, ``known_as`` who the provider says it is."""

    def __init__(self, key: str, known_as: str = "") -> None:
        super().__init__(key)
        self.key, self.known_as = key, known_as


def enabled() -> bool:
    """Whether the sign-in page offers it."""
    return all(_set_up()[name] for name in NEEDED) and find_spec("authlib") is not None


def lead_there(request: HttpRequest) -> HttpResponse:
    """Lead to the provider, with a state, a nonce and a code challenge that only this session knows the answer to.

    Raises:
        Refused: the provider does not answer, or is not the one that was named.
    """
    with _told():
        back = request.build_absolute_uri(reverse("accounts:oidc-back"))
        answer: HttpResponse = _client(**_who()).authorize_redirect(request, back)
    return answer


def claims_of(request: HttpRequest) -> Mapping[str, Any]:
    """Give what the provider says of who comes back: signature, issuer, audience, time and nonce are verified.

    Raises:
        Refused: something does not fit, or the provider has said no.
    """
    if request.GET.get("error"):
        raise Refused("oidc_denied")
    with _told():
        client = _client(**_who())
        options = {
            "iss": {"essential": True, "value": _set_up()["issuer"]},
            "aud": {"essential": True, "value": _set_up()["client_id"]},
        }
        token = client.authorize_access_token(request, claims_options=options, leeway=LEEWAY)
    if "userinfo" not in token:
        raise Refused("oidc_invalid")
    return dict(token["userinfo"])


def account_of(claims: Mapping[str, Any]) -> User:
    """Give the account of who comes back: the one bound to this person, else the one of the very user name told.

    Raises:
        Refused: there is none, it is switched off, or it is bound to another person of the same provider.
    """
    issuer, subject = subject_of(claims)
    user = User.objects.filter(issuer=issuer, subject=subject).first() or _named(claims)
    if user.issuer == issuer and user.subject != subject:
        raise Refused("oidc_other_person", user.username)
    if not user.is_active:
        raise Refused("oidc_off", user.username)
    return user


def subject_of(claims: Mapping[str, Any]) -> tuple[str, str]:
    """Give who somebody is at the provider, whatever they are called: issuer and subject.

    Raises:
        Refused: the provider does not tell; OpenID Connect asks it to.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\0" in subject:
        raise Refused("oidc_invalid")
    return _set_up()["issuer"], subject


def _named(claims: Mapping[str, Any]) -> User:
    """Give the account of the very user name the provider tells.

    Raises:
        Refused: it tells none, or there is no such account.
    """
    claim = _set_up()["claim"]
    name = claims.get(claim)
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise Refused("oidc_no_name")
    if claim == "email" and claims.get("email_verified") is not True:
        raise Refused("oidc_no_name", name[:150])
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Refused("oidc_no_account", name[:150])
    return user


def second_step_taken(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that a second step was taken, in words the installation has named; by default never."""
    methods = claims.get("amr")
    said = {claims.get("acr"), *(methods if isinstance(methods, list) else [])}
    return bool(_set_up()["second_step"] & {word for word in said if isinstance(word, str)})


def faults() -> list[str]:
    """Tell what is wrong with the configuration, a sentence each; nothing where there is none."""
    given = [variable for name, variable in NEEDED.items() if _set_up()[name]]
    if not given:
        return []
    if lacking := [variable for variable in NEEDED.values() if variable not in given]:
        return [f"{given[0]} is set, but {' and '.join(lacking)} is not. Try: set all, or none"]
    if find_spec("authlib") is None:
        return ["Sign-in through OIDC is configured, but its library is not installed. Try: pip install 'fordel[oidc]'"]
    found = []
    if not _set_up()["issuer"].startswith("https://"):
        found.append(f"FORDEL_OIDC_ISSUER is {_set_up()['issuer']}: tokens would travel unguarded. Try: https://")
    try:
        with _told():
            _client(**_who())
    except Refused as refused:
        found.append(f"The provider of FORDEL_OIDC_ISSUER cannot be used: {refused.__cause__ or refused}")
    return found


def _set_up() -> dict[str, Any]:
    return dict(settings.OIDC)


def _who() -> dict[str, str]:
    return {name: _set_up()[name] for name in NEEDED}


@cache
def _client(*, issuer: str, client_id: str, secret: str) -> Any:
    """Give the client of a provider, whose description is read once; its keys again when one is not known.

    Raises:
        ValueError: the description is of another provider, or offers no signature we take.
    """
    from authlib.integrations.django_client import OAuth  # noqa: PLC0415 - only there with the extra

    client = OAuth().register(
        "oidc",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )
    told = client.load_server_metadata()
    if told.get("issuer") != issuer:
        raise ValueError(f"it says it is {told.get('issuer')}, not {issuer}")
    offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
    told["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
    if not told["id_token_signing_alg_values_supported"]:
        raise ValueError(f"it signs with {', '.join(offered)} only; known are {', '.join(ALGORITHMS)}")
    return client


@contextmanager
def _told() -> Iterator[None]:
    """Say every fault of the provider, and of what came back, as a refusal."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - only there with the extra
    from joserfc.errors import JoseError  # noqa: PLC0415 - likewise
    from requests import RequestException  # noqa: PLC0415 - likewise

    try:
        yield
    except RequestException as fault:
        raise Refused("oidc_unreachable") from fault
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as fault:
        raise Refused("oidc_invalid") from fault
