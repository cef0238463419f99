"""Professions: which need model, which rules and which tables a plan for them uses."""

from fordel.professions.chiropractor import ideal_and_actual, ideal_capacities
from fordel.professions.gp import GP, Profession

__all__ = ["GP", "Profession", "ideal_and_actual", "ideal_capacities"]
