"""Capacities per area (fordeling af lægekapacitet): need, ceiling, headroom and surplus."""

from fordel.allocation.apportionment import METHODS, apportion
from fordel.allocation.rules import (
    binding_level,
    capacities_counted,
    ceilings,
    grant_eligible,
    headroom,
    national_ceiling,
    releasable,
    surplus,
    treatment_need,
)

__all__ = [
    "METHODS",
    "apportion",
    "binding_level",
    "capacities_counted",
    "ceilings",
    "grant_eligible",
    "headroom",
    "national_ceiling",
    "releasable",
    "surplus",
    "treatment_need",
]
