"""The two secrets of an installation: one signs cookies, one seals the audit log."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

NAMES = {"cookies": "FORDEL_SECRET_KEY", "audit": "FORDEL_AUDIT_KEY"}


class NoKey(Exception):
    """What is needed to verify an export is not there."""


def read_keys(home: Path) -> dict[str, str]:
    """Give both secrets: from the environment, else from a file only the owner can read, made the first time.

    Where no installation is opened (types are checked, migrations written) they are made for the moment and not kept.
    """
    given = {name: os.environ.get(variable, "") for name, variable in NAMES.items()}
    if all(given.values()):
        return given
    kept = _kept(home / "keys.json") if "FORDEL_HOME" in os.environ else _made()
    return {name: given[name] or kept[name] for name in NAMES}


def audit_key(home: Path) -> str:
    """Give the secret that seals the audit log, from the environment or the folder of an installation; makes none.

    Raises:
        NoKey: neither has it.
    """
    given = os.environ.get(NAMES["audit"], "")
    try:
        return given or str(json.loads((home / "keys.json").read_text(encoding="utf-8"))["audit"])
    except (OSError, ValueError, KeyError, TypeError):
        raise NoKey(
            f"The key of the audit log is neither in {NAMES['audit']} nor in {home / 'keys.json'}.\n"
            f"  Try: --home with the folder of the installation, or {NAMES['audit']}=…"
        ) from None


def _made() -> dict[str, str]:
    return {name: secrets.token_urlsafe(48) for name in NAMES}


def _kept(file: Path) -> dict[str, str]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    made = json.dumps(_made())
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(made)
    try:
        os.link(draft, file)  # the first of two programs that start at once wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return dict(json.loads(file.read_text(encoding="utf-8")))
