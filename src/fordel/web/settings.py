"""Settings of the web application. What an installation decides stands in the environment, read here and only here."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from fordel.web.database import URL, settings_from
from fordel.web.keys import read_keys


def _yes(variable: str, *, otherwise: bool) -> bool:
    return os.environ.get(variable, str(otherwise)).lower() in ("1", "true", "yes")


HERE = Path(__file__).parent
HOME = Path(os.environ.get("FORDEL_HOME", "out")).resolve()  # runs, snapshots, keys, embedded database
DEMO = _yes("FORDEL_DEMO", otherwise=False)
REQUIRE_SECOND_STEP = _yes("FORDEL_REQUIRE_SECOND_STEP", otherwise=not DEMO)
HTTPS = _yes("FORDEL_HTTPS", otherwise=not DEMO)

_KEYS = read_keys(HOME)
SECRET_KEY = _KEYS["cookies"]
AUDIT_KEY = _KEYS["audit"]
DEBUG = False
ALLOWED_HOSTS = os.environ.get("FORDEL_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "procrastinate.contrib.django",
    "fordel.web",
    "fordel.web.accounts",
    "fordel.web.audit",
    "fordel.web.overview",
    "fordel.web.runs",
    "fordel.web.comparisons",
    "fordel.web.areas",
    "fordel.web.practices",
    "fordel.web.coverage",
    "fordel.web.lawbook",
    "fordel.web.jobs",
    "fordel.web.imports",
    "fordel.web.placement",
    "fordel.web.api",
    "fordel.web.drafts",
]
MIDDLEWARE = [
    "fordel.web.security.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fordel.web.imports.uploads.not_too_large",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fordel.web.drafts.keeping.keep_drafts",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "fordel.web.accounts.second_step.second_step",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "fordel.web.api.etags.etags",
]
ROOT_URLCONF = "fordel.web.urls"
WSGI_APPLICATION = "fordel.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fordel.web.navigation.page_frame",
            ],
            "builtins": ["fordel.web.templatetags.words", "fordel.web.templatetags.plan_words"],
        },
    }
]

DATABASES = {"default": settings_from(os.environ.get(URL, ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "first_name", "email")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "overview:overview"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
OIDC: dict[str, Any] = {  # sign-in where the organisation does; off where its first three are not set
    "issuer": os.environ.get("FORDEL_OIDC_ISSUER", ""),
    "client_id": os.environ.get("FORDEL_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("FORDEL_OIDC_CLIENT_SECRET", ""),
    "claim": os.environ.get("FORDEL_OIDC_CLAIM", "preferred_username"),
    "name": os.environ.get("FORDEL_OIDC_NAME", "OpenID Connect"),
    "second_step": frozenset(filter(None, os.environ.get("FORDEL_OIDC_SECOND_STEP", "").split(","))),
}
OTP_TOTP_ISSUER = "Fordel"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "fordel.web.accounts.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 30 * 60  # seconds without a request until one must sign in again
SESSION_SAVE_EVERY_REQUEST = False  # drafts/keeping.py does, but not for what a page asks by itself
DRAFT_DAYS = (
    7  # assumption of 26 November 2026, as no rule was found: long enough for a holiday, short enough to forget
)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "fordel.web.views.forged"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "uploads"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # frames are refused by the content security policy and by security.py
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
