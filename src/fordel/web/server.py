"""Settings of gunicorn: pages are loaded once, then each process is forked from the one that has them.

What is set here is the same everywhere; addresses and the number of processes are said by `fordel serve`.
"""

from __future__ import annotations

from pathlib import Path
from threading import Thread

preload_app = True
loglevel = "warning"
# Sync workers behind a queue: short pages, no open streams; each worker is renewed now and then.
max_requests, max_requests_jitter = 20_000, 2_000
timeout = 60
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its own file there


def post_worker_init(_worker: object) -> None:
    """Measure coverage ahead, in each process: threads do not survive a fork, so not before it."""
    from fordel.web.coverage.queries import keep_warm  # noqa: PLC0415 - once Django is set up

    Thread(target=keep_warm, daemon=True).start()
