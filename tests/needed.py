"""What a test needs of the machine: a loud skip where it is missing, and a failure where everything must run."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Say what is missing: in continuous integration the test fails, elsewhere it is skipped."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(what)
    pytest.skip(what)
