"""Capacities per area (fordeling af lægekapacitet): need, ceiling, headroom and surplus, exceptions and planning."""

from fordel.allocation.alerts import ALERT_COLUMNS, alerts
from fordel.allocation.apportionment import METHODS, TIE_ORDER, apportion, side_by_side
from fordel.allocation.draws import apportion_draws, share_out_draws
from fordel.allocation.exception_rules import (
    extraordinary_allowed,
    growth_beyond_model,
    growth_capacities,
    island_exception_allowed,
    left_after_release,
    planning_level,
    weighted_in_district,
)
from fordel.allocation.exceptions import EXCEPTION_COLUMNS, allowed_by_exception, exceptions_on, growth
from fordel.allocation.hierarchy import BINDING_LEVELS, share_out
from fordel.allocation.planning import PLANNING_COLUMNS, planning_areas
from fordel.allocation.rules import (
    binding_level,
    capacities_counted,
    ceilings,
    grant_eligible,
    headroom,
    national_ceiling,
    releasable,
    rescaled,
    surplus,
    treatment_need,
    unscaled_ceilings,
)

__all__ = [
    "ALERT_COLUMNS",
    "BINDING_LEVELS",
    "EXCEPTION_COLUMNS",
    "METHODS",
    "PLANNING_COLUMNS",
    "TIE_ORDER",
    "alerts",
    "allowed_by_exception",
    "apportion",
    "apportion_draws",
    "binding_level",
    "capacities_counted",
    "ceilings",
    "exceptions_on",
    "extraordinary_allowed",
    "grant_eligible",
    "growth",
    "growth_beyond_model",
    "growth_capacities",
    "headroom",
    "island_exception_allowed",
    "left_after_release",
    "national_ceiling",
    "planning_areas",
    "planning_level",
    "releasable",
    "rescaled",
    "share_out",
    "share_out_draws",
    "side_by_side",
    "surplus",
    "treatment_need",
    "unscaled_ceilings",
    "weighted_in_district",
]
