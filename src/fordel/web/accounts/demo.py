"""Accounts of the demo, one for each role; they exist only where a demo was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fordel.web.accounts import actions
from fordel.web.accounts.models import User
from fordel.web.accounts.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

PASSWORD = "fordel-demo-2026"  # noqa: S105 - printed for everybody to see, and good on this machine alone


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demo."""

    username: str
    name: str
    role: Role
    area_id: str = ""


ACCOUNTS = (
    DemoAccount("planlaegger", "Pia Planlægger", Role.PLANNER, "region-sjaelland"),
    DemoAccount("politiker", "Poul Politiker", Role.POLITICIAN, "sundhedsraad-nordsjaelland"),
    DemoAccount("analytiker", "Anna Analytiker", Role.ANALYST),
    DemoAccount("revisor", "Rune Revisor", Role.AUDITOR),
    DemoAccount("administrator", "Asta Administrator", Role.ADMINISTRATOR),
)


def make_demo_accounts(*, at: datetime) -> None:
    """Make the accounts that are not there yet."""
    there = set(User.objects.filter(username__in=[a.username for a in ACCOUNTS]).values_list("username", flat=True))
    for account in ACCOUNTS:
        if account.username not in there:
            actions.make(
                username=account.username,
                password=PASSWORD,
                role=account.role,
                area_id=account.area_id,
                name=account.name,
                by="demo",
                at=at,
            )
