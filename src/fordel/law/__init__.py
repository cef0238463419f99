"""The law: dated parameters and rules, each with its source. The only code that knows legal time."""

from fordel.law._book import Lawbook, topic_files
from fordel.law._changes import Change, Check, changes, check
from fordel.law._field_rules import FieldRule, Handling, field_rules
from fordel.law._glossary import Term, glossary
from fordel.law._law import Law
from fordel.law._parameter import NATION, Authority, AuthorityLevel, DatedValue, Evidence, Parameter, Variant
from fordel.law._rule import Wording, newest_wordings, registered_rules, rule, wording_on
from fordel.law._trace import ParameterUsed, RuleUsed, Trace
from fordel.law.errors import BadLawFile, LawError, NotInForce, NotYoursToSet, Reason, UnknownParameter

__all__ = [
    "NATION",
    "Authority",
    "AuthorityLevel",
    "BadLawFile",
    "Change",
    "Check",
    "DatedValue",
    "Evidence",
    "FieldRule",
    "Handling",
    "Law",
    "LawError",
    "Lawbook",
    "NotInForce",
    "NotYoursToSet",
    "Parameter",
    "ParameterUsed",
    "Reason",
    "RuleUsed",
    "Term",
    "Trace",
    "UnknownParameter",
    "Variant",
    "Wording",
    "changes",
    "check",
    "field_rules",
    "glossary",
    "newest_wordings",
    "registered_rules",
    "rule",
    "topic_files",
    "wording_on",
]
