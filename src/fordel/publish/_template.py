"""Templates of drawings and pages that come with the package: escaped, and with no name left open."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2

from fordel.publish import law_words


@cache
def template(name: str) -> jinja2.Template:
    """Give a template of the folder ``templates``."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["sentence"] = law_words.sentence
    environment.tests["left_in_english"] = law_words.left_in_english
    return environment.from_string((files("fordel.publish") / "templates" / name).read_text(encoding="utf-8"))
