"""Render the model card and put it in a folder with the tables that may be published, each file whole or not at all."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from fordel.publish import formats
from fordel.publish.card import _parts as parts
from fordel.publish.card import _pictures as pictures
from fordel.publish.card._frame import Card, CardTexts
from fordel.publish.maps import Sheet
from fordel.publish.report._write import _put

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.publish._words import Lang
    from fordel.runs.need_record import NeedRecord

FILES: dict[Lang, str] = {"da": "index.html", "en": "en.html"}


class BadCard(Exception):
    """A card cannot be made of what it was given, or written where it was asked for."""


def write_card(model: NeedRecord, check: NeedRecord | None, folder: Path) -> list[Path]:
    """Write the card of a model (modelkort), in Danish and English, and its coefficients as CSV.

    The pages hold no script and load nothing from elsewhere. A card that is there already is replaced.

    Args:
        model: the fitted or imported model.
        check: what ``fordel need check`` found of it; none: the card says that it was not checked.
        folder: where to.

    Raises:
        BadCard: the check is of another model, or the folder cannot be written.
    """
    if check is not None and check.facts["model"] != model.record_id:
        raise BadCard(
            f"It checks model {check.facts['model'][:12]}, not {model.record_id[:12]}.\n  Try: check this model"
        )
    pages = {FILES[lang]: _rendered(Card(model, check, CardTexts(lang))) for lang in formats.LANGUAGES}
    tables = {
        f"{name}.csv": model.frames[name].write_csv() for name in ("coefficients", "covariances", "levels", "card")
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_put(folder / name, text) for name, text in (pages | tables).items()]
    except OSError as error:
        raise BadCard(
            f"The card could not be written to {folder}: {error.strerror or error}.\n  Try: a folder you may write to"
        ) from error


def _rendered(card: Card) -> str:
    lang = card.texts.lang
    other: Lang = "en" if lang == "da" else "da"
    title = card.model.facts["dansk" if lang == "da" else "title"]
    shared = {"t": card.texts, "lang": lang, "other": other, "twin": FILES[other], "card_title": title}
    filled = {"facts": parts.facts(card), "factors": parts.factors(card), "synthetic": card.model.synthetic}
    covariates = [(card.covariate(name), entry["source"], entry["supply"]) for name, entry in card.covariates.items()]
    page = _environment().get_template("card.html")
    return page.render(shared, **filled, covariates=covariates, check=_checked(card) if card.check else None)


def _checked(card: Card) -> dict[str, Any]:
    """Put together what a check has to show."""
    assert card.check is not None  # noqa: S101 - the caller has looked
    frames = card.check.frames
    names = dict(frames["names"].iter_rows())
    held_out = "held_out_ratios" in frames
    told = frames["held_out_ratios" if held_out else "ratios"]
    ratio_table = parts.ratios(card, "table_ratios", told)
    moved = parts.moves(card, frames["moves"], names)
    homes = parts.areas(card, "table_municipalities", frames["municipalities"], names)
    sheet = Sheet.of(frames["area_shapes"])
    samples = [name for name in ("fitted", "held_out") if name == "fitted" or held_out]
    return {
        "source": card.check.facts["source"],
        "held_out": card.check.facts["held_out"],
        "measures": parts.measures(card, frames["measures"]),
        "not_fitted": [(parts.specification(card, name), why) for name, why in frames["not_fitted"].iter_rows()],
        "calibration": pictures.calibration(card, frames["calibration"]),
        "calibrations": [parts.calibration(card, frames["calibration"], sample) for sample in samples],
        "ratios": pictures.ratios(card, ratio_table, told),
        "ratio_table": ratio_table,
        "municipalities": homes if frames["municipalities"].height else None,
        "sheet": sheet,
        "map": pictures.residual_map(card, sheet, homes, frames["municipalities"], names)
        if sheet and frames["municipalities"].height
        else None,
        "councils": parts.areas(card, "table_councils", frames["councils"], names)
        if frames["councils"].height
        else None,
        "moves": pictures.moves(card, moved) if frames["moves"].height else None,
        "moved": moved,
        "stability": parts.stability(card, frames["stability"]) if held_out else None,
        "z": card.number(parts.spread_of_z(frames["stability"]), 2) if held_out else "",
    }


@cache
def _environment() -> jinja2.Environment:
    """Escape everything and refuse what is not given."""
    own, shared = files("fordel.publish.card") / "templates", files("fordel.publish.report") / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(own), str(shared)], encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
