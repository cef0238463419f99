"""What events are called on the page, by the verb and the kind that the log has of them."""

from __future__ import annotations

from functools import cache

from fordel.web.texts import catalogue, text

VERB, KIND = "audit.what_", "audit.kind_"


@cache
def verbs() -> tuple[str, ...]:
    """Give every verb that has a name; a kind has no underscore, so the first one stands where the verb has its dot."""
    return tuple(key.removeprefix(VERB).replace("_", ".", 1) for key in catalogue() if key.startswith(VERB))


@cache
def kinds() -> tuple[str, ...]:
    """Give every kind of thing that has a name."""
    return tuple(key.removeprefix(KIND) for key in catalogue() if key.startswith(KIND))


def verb(code: str) -> str:
    """Name what was done; a verb that only another version knows stays as it is."""
    return text(VERB + code.replace(".", "_")) if code in verbs() else code


def kind(code: str) -> str:
    """Name what it was done to."""
    return text(KIND + code) if code in kinds() else code


def fitting(words: str) -> list[str]:
    """Give the verbs whose names have these words in them, in the language of the page."""
    return [code for code in verbs() if words.casefold() in verb(code).casefold()]
