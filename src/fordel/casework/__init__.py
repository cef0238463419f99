"""Casework (sagsbehandling): the life of capacities, who may own and fill them, and the dated limits of cases."""

from fordel.casework.ownership import (
    ask_a_person,
    employed_within_limit,
    extra_capacity_due,
    may_acquire,
    may_take_back,
    practice_share_within_limit,
)

__all__ = [
    "ask_a_person",
    "employed_within_limit",
    "extra_capacity_due",
    "may_acquire",
    "may_take_back",
    "practice_share_within_limit",
]
