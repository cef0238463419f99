"""Read what came of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.web.runs import queries as runs

if TYPE_CHECKING:
    from fordel.web.jobs.models import Job


def outcome(job: Job) -> str:
    """Tell how a run that was made again came out.

    Returns:
        ``same``: the same run, to its fingerprint; ``same_numbers``: the same tables, by another version of the
        program or other wordings of rules; ``other``: other numbers; empty where the job makes no run again, or has
        none yet.
    """
    if job.run is None or job.repeats is None:
        return ""
    if job.run == job.repeats:
        return "same"
    tables = [runs.tables_of(run.folder).manifest.tables for run in (job.repeats, job.run)]
    return "same_numbers" if tables[0] == tables[1] else "other"
