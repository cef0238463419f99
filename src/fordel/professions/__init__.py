"""Professions: which need model, which rules and which tables a plan for them uses."""

from fordel.professions.gp import GP, Profession

__all__ = ["GP", "Profession"]
