"""A provider of OpenID Connect on 127.0.0.1, for tests: it signs in whoever it is told to, rightly or wrongly."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


@dataclass
class Provider:
    """What the provider knows and says.

    Attributes:
        claims: what it says of whoever signs in, over what it must say.
        key: what it signs with; the key of its key set is always the right one.
        unsigned: whether its tokens have no signature.
        codes: codes given and not yet used, with what was asked for.
    """

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "right"}))
    claims: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    unsigned: bool = False
    no_token: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    issuer: str = ""
    client_id: str = "fordel"
    secret: str = "a secret of the client"  # noqa: S105 - good in this test alone

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Sign somebody in, and give where they are led with a code."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "profile"} <= set(asked["scope"].split())
        assert len(asked["state"]) >= 20
        assert len(asked["nonce"]) >= 20
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Give a token for a code: once, to the client it was given to, who knows what the challenge was made of."""
        asked = self.codes.pop(given.get("code", ""), None)
        known = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or authorization != f"Basic {known}" or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60}
        return 200, answer if self.no_token else answer | {"id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        told = {"iss": self.issuer, "aud": self.client_id, "sub": "1", "iat": now, "exp": now + 60, "nonce": nonce}
        told |= self.claims
        if self.unsigned:
            parts = ({"alg": "none", "typ": "JWT"}, told)
            return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."
        key = self.signs_with or self.key
        return jwt.encode({"alg": "RS256", "kid": "right"}, told, key)


def serve(provider: Provider) -> ThreadingHTTPServer:
    """Serve a provider on a port of its own, until ``shutdown``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/authorize":
                given = {name: values[0] for name, values in parse_qs(asked.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(given))
                self.end_headers()
            elif asked.path == "/keys":
                self.answer(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self.answer(200, provider.description())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*provider.token(given, self.headers.get("Authorization", "")))

        def answer(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
