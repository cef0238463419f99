"""Run the worker until it is told to stop; it takes up what a killed one left."""

from __future__ import annotations

import asyncio

from procrastinate.contrib.django import app as declared

HEARTBEAT = 2.0  # seconds between signs of life
STALLED = 10.0  # seconds without one after which a worker counts as dead
LOOK_AGAIN = 5.0  # seconds between looks for jobs of dead workers


def work() -> None:
    """Work until interrupted or terminated; a job that has begun is finished first."""
    from fordel.worker import causes, searches, tasks  # noqa: F401, PLC0415 - declares what the worker can do

    asyncio.run(_work())


async def _work() -> None:
    app = declared.with_connector(declared.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with app.open_async():
        rescuing = asyncio.create_task(_rescue(app))
        try:
            await app.run_worker_async(
                name="fordel",
                concurrency=1,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
                delete_jobs="successful",
            )
        finally:
            rescuing.cancel()


async def _rescue(app: object) -> None:
    """Put jobs of workers that have died back into the queue."""
    manager = app.job_manager  # type: ignore[attr-defined]
    while True:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            await manager.retry_job(job)
        await asyncio.sleep(LOOK_AGAIN)
