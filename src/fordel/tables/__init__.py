"""One documented schema per entity, and the frozen set of them that a plan reads."""

from fordel.tables._tables import OPTIONAL, SCHEMAS, Tables
from fordel.tables.areas import LEVELS, AreaParts, Areas, AreaShapes
from fordel.tables.capacities import CAPACITY_MOVES, CapacityEvents
from fordel.tables.ceilings import CEILING_LEVELS, PublishedCeilings
from fordel.tables.chiropractors import ChiropractorAreas
from fordel.tables.decisions import DECISION_KINDS, Decisions
from fordel.tables.districts import Districts
from fordel.tables.doctors import ROLES, DoctorShares, Ownerships
from fordel.tables.forecasts import FORECASTS, Forecasts
from fordel.tables.minimums import Minimums
from fordel.tables.people import AGE_GROUPS, SEXES, DemandPoints, NeedWeights, Population, Registrations
from fordel.tables.practices import Practices
from fordel.tables.published import PaidLists, PublishedCoefficients, PublishedLists, PublishedWeights
from fordel.tables.sources import Sources
from fordel.tables.stated_maxima import StatedMaxima
from fordel.tables.weighted_sums import SUM_LEVELS, WeightedSums

__all__ = [
    "AGE_GROUPS",
    "CAPACITY_MOVES",
    "CEILING_LEVELS",
    "DECISION_KINDS",
    "FORECASTS",
    "LEVELS",
    "OPTIONAL",
    "ROLES",
    "SCHEMAS",
    "SEXES",
    "SUM_LEVELS",
    "AreaParts",
    "AreaShapes",
    "Areas",
    "CapacityEvents",
    "ChiropractorAreas",
    "Decisions",
    "DemandPoints",
    "Districts",
    "DoctorShares",
    "Forecasts",
    "Minimums",
    "NeedWeights",
    "Ownerships",
    "PaidLists",
    "Population",
    "Practices",
    "PublishedCeilings",
    "PublishedCoefficients",
    "PublishedLists",
    "PublishedWeights",
    "Registrations",
    "Sources",
    "StatedMaxima",
    "Tables",
    "WeightedSums",
]
