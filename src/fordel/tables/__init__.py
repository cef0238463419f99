"""One documented schema per entity, and the frozen set of them that a plan reads."""

from fordel.tables._tables import SCHEMAS, Tables
from fordel.tables.areas import LEVELS, AreaParts, Areas, AreaShapes
from fordel.tables.people import AGE_GROUPS, SEXES, DemandPoints, NeedWeights, Population, Registrations
from fordel.tables.practices import Practices
from fordel.tables.sources import Sources

__all__ = [
    "AGE_GROUPS",
    "LEVELS",
    "SCHEMAS",
    "SEXES",
    "AreaParts",
    "AreaShapes",
    "Areas",
    "DemandPoints",
    "NeedWeights",
    "Population",
    "Practices",
    "Registrations",
    "Sources",
    "Tables",
]
