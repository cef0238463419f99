"""What each role may do: one table, read by every page, by the API and by the test of all addresses."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody is here (rolle)."""

    PLANNER = "planner"
    POLITICIAN = "politician"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


READ = frozenset({"overview.view", "areas.view", "practices.view", "coverage.view", "runs.view", "law.view", "api.use"})
MAKE = frozenset(
    {"runs.make", "jobs.view", "runs.compare", "imports.make", "imports.view", "placement.make", "placement.view"}
)
MAY: dict[str, frozenset[str]] = {
    Role.PLANNER: READ | MAKE,
    Role.POLITICIAN: READ | {"runs.compare"},
    Role.ANALYST: READ | MAKE | {"report.view"},
    Role.AUDITOR: READ | {"runs.compare", "jobs.view", "imports.view", "placement.view", "report.view", "audit.view"},
    Role.ADMINISTRATOR: READ | MAKE | {"report.view", "accounts.manage"},
}
# Roles that see one part of the country, and what kind of part; the others see all of it.
LEVELS: dict[str, str] = {Role.PLANNER: "region", Role.POLITICIAN: "health_council"}
LOCAL = frozenset(LEVELS)
