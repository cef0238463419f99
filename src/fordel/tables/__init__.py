"""One documented schema per entity, and the frozen set of them that a plan reads."""

from fordel.tables._tables import OPTIONAL, SCHEMAS, Tables
from fordel.tables.areas import LEVELS, AreaParts, Areas, AreaShapes
from fordel.tables.people import AGE_GROUPS, SEXES, DemandPoints, NeedWeights, Population, Registrations
from fordel.tables.practices import Practices
from fordel.tables.published import PaidLists, PublishedCoefficients, PublishedLists, PublishedWeights
from fordel.tables.sources import Sources
from fordel.tables.weighted_sums import SUM_LEVELS, WeightedSums

__all__ = [
    "AGE_GROUPS",
    "LEVELS",
    "OPTIONAL",
    "SCHEMAS",
    "SEXES",
    "SUM_LEVELS",
    "AreaParts",
    "AreaShapes",
    "Areas",
    "DemandPoints",
    "NeedWeights",
    "PaidLists",
    "Population",
    "Practices",
    "PublishedCoefficients",
    "PublishedLists",
    "PublishedWeights",
    "Registrations",
    "Sources",
    "Tables",
    "WeightedSums",
]
