"""The printed report of a run, made when it is first asked for and then kept beside the run."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from fordel.publish.report import write_report
from fordel.web.security import POLICY

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen

PAGES = ("index.html", "en.html", "praksis.html", "practices.html")
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def page_of(seen: Seen, page: str) -> str:
    """Give a page of the report. Two who ask at once may both make it; the pages are the same."""
    folder = settings.HOME / "reports" / seen.record.run_id
    if not (folder / page).is_file():
        _make(seen, folder)
    return (folder / page).read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def policy_for(html: str) -> str:
    """Give the security policy of a page that carries its own style sheet: that very sheet is let in, no other."""
    sheets = (b64encode(hashlib.sha256(sheet.encode()).digest()).decode() for sheet in STYLE.findall(html))
    return POLICY.replace("style-src 'self'", " ".join(["style-src", *(f"'sha256-{sheet}'" for sheet in sheets)]))


def _make(seen: Seen, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name[:12]}.", dir=folder.parent))
    try:
        write_report(seen.run, draft)
        draft.replace(folder)
    except OSError:
        if not folder.is_dir():  # nobody else was quicker
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
