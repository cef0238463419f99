"""A fitted model as plain frames, and back: all that leaves the step that sees citizens."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl

from fordel.need.design import Family, Link, NeedError
from fordel.need.fit import ERRORS, Fitted, Part
from fordel.need.layout import layout_of
from fordel.need.model_file import as_file, design_of
from fordel.need.source import Scoring
from fordel.tables.fitted_models import Coefficients, Covariances, Levels, ModelCard

if TYPE_CHECKING:
    from fordel.need.cells import Floats
    from fordel.need.design import Design
    from fordel.need.layout import Layout

_SCHEMAS = {"coefficients": Coefficients, "covariances": Covariances, "levels": Levels, "card": ModelCard}
_RANGE = ("mean", "lowest", "highest")


def frames_of(fitted: Fitted) -> dict[str, pl.DataFrame]:
    """Give a fitted model as frames: ``coefficients, covariances, levels, card``, valid by ``tables.fitted_models``."""
    frames = {
        "coefficients": pl.concat([_coefficients(part) for part in fitted.parts]),
        "covariances": pl.concat([_covariances(part) for part in fitted.parts]),
        "levels": _levels(fitted),
        "card": _card(fitted),
    }
    return {name: pl.DataFrame(cast("Any", _SCHEMAS[name].validate(frame))) for name, frame in frames.items()}


def fitted_of(frames: dict[str, pl.DataFrame]) -> Fitted:
    """Give back the model that frames hold: it weighs to the same digits.

    Raises:
        NeedError: the frames are not of one model.
        dataframely.exc.ValidationError: a frame breaks its schema.
    """
    frames = {name: pl.DataFrame(cast("Any", schema.validate(frames[name]))) for name, schema in _SCHEMAS.items()}
    card = dict(frames["card"].iter_rows())
    design = design_of(json.loads(card["model"]))
    levels = {(covariate, level): share for covariate, level, share in frames["levels"].iter_rows()}
    shares = {c.name: np.array([levels[c.name, level.name] for level in c.fitted_levels]) for c in design.categorical}
    means = {c.name: cast("Any", tuple(levels[c.name, which] for which in _RANGE)) for c in design.linear}
    present = {
        c.name: np.append(shares[c.name] > 0, [False] * (c.radix - len(c.fitted_levels))) for c in design.categorical
    }
    layout = layout_of(design, present)
    names = frames["coefficients"]["part"].unique(maintain_order=True)
    parts = tuple(_part(name, layout, frames, card) for name in names)
    first, _, last = card["period"].partition("-")
    return Fitted(
        design=design,
        parts=parts,
        shares=shares,
        means=means,
        citizens=int(card["citizens"]),
        exposure=float(card["exposure_years"]),
        use=int(card["use"]),
        excluded=_excluded(card),
        cell_count=int(card["cells"]),
        fingerprint=card["fingerprint"],
        period=(int(first), int(last)) if first else None,
        source=card["source"],
        synthetic=card["synthetic"] == "yes",
    )


def _excluded(card: dict[str, str]) -> tuple[tuple[str, int], ...]:
    """Read who was left out; a reason that holds for too few to be told is not counted."""
    told = [(fact.removeprefix("excluded: "), value) for fact, value in card.items() if fact.startswith("excluded: ")]
    return tuple((reason, int(value)) for reason, value in told if value.isdigit())


def _coefficients(part: Part) -> pl.DataFrame:
    terms = part.layout.terms
    errors = {kind: part.errors(kind) if kind in part.covariances else [None] * len(terms) for kind in ERRORS}
    return pl.DataFrame(
        {
            "part": [part.name] * len(terms),
            "term": [term.name for term in terms],
            "place": range(len(terms)),
            "covariates": [":".join(term.covariates) for term in terms],
            "levels": [":".join(term.levels) for term in terms],
            "coefficient": part.coefficients,
            **{f"{kind}_error": pl.Series(errors[kind], dtype=pl.Float64) for kind in ERRORS},
            "relativity": np.exp(part.coefficients) if part.scoring.log else part.coefficients,
        }
    )


def _covariances(part: Part) -> pl.DataFrame:
    names = np.array([term.name for term in part.layout.terms])
    rows, columns = np.tril_indices(len(names) if part.covariances else 0)
    covariance = part.best_covariance[rows, columns] if part.covariances else np.empty(0)
    return pl.DataFrame(
        {"part": [part.name] * len(rows), "term": names[rows], "other": names[columns], "covariance": covariance},
        schema={"part": pl.String, "term": pl.String, "other": pl.String, "covariance": pl.Float64},
    )


def _levels(fitted: Fitted) -> pl.DataFrame:
    rows = []
    for covariate in fitted.design.categorical:
        named = zip(covariate.fitted_levels, fitted.shares[covariate.name], strict=True)
        rows += [(covariate.name, level.name, float(share)) for level, share in named]
    for covariate in fitted.design.linear:
        rows += [
            (covariate.name, which, value) for which, value in zip(_RANGE, fitted.means[covariate.name], strict=True)
        ]
    schema = {"covariate": pl.String, "level": pl.String, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _card(fitted: Fitted) -> pl.DataFrame:
    """List what a reader must know; groups smaller than the model's ``fewest`` are told as such."""
    design = fitted.design
    facts: dict[str, object] = {
        "model": json.dumps(as_file(design), ensure_ascii=False),
        "family": design.family,
        "link": design.link,
        "source": fitted.source,
        "synthetic": "yes" if fitted.synthetic else "no",
        "period": "-".join(str(year) for year in fitted.period or ()),
        "citizens": fitted.citizens,
        "exposure_years": repr(fitted.exposure),
        "use": fitted.use,
        "cells": fitted.cell_count,
        "fingerprint": fitted.fingerprint,
        "fordel": version("fordel"),
    }
    for reason, count in fitted.excluded:
        facts[f"excluded: {reason}"] = count if count >= design.fewest else f"fewer than {design.fewest}"
    for part in fitted.parts:
        about = {"dispersion": repr(part.dispersion), "objective": repr(part.objective), "steps": part.steps}
        if part.alpha is not None:
            about |= {"alpha": repr(part.alpha), "alpha_error": repr(part.alpha_error)}
        facts |= {f"{part.name}: {name}": value for name, value in about.items()}
    return pl.DataFrame({"fact": list(facts), "value": [str(value) for value in facts.values()]})


def _part(name: str, layout: Layout, frames: dict[str, pl.DataFrame], card: dict[str, str]) -> Part:
    rows = frames["coefficients"].filter(pl.col("part") == name).sort("place")
    terms = [term.name for term in layout.terms]
    if rows["term"].to_list() != terms:
        raise NeedError(
            f"The coefficients of {name} are not those of the model on its card: expected {', '.join(terms)}."
        )
    pairs = frames["covariances"].filter(pl.col("part") == name)
    covariance = _square(pairs, terms)
    alpha = float(card[f"{name}: alpha"]) if f"{name}: alpha" in card else None
    covariances: dict[str, Floats] = {}
    if pairs.height:
        covariances = {"robust": covariance, "model": np.diag(rows["model_error"].to_numpy() ** 2)}
    if pairs.height and rows["practice_error"].null_count() == 0:
        covariances |= {"practice": covariance, "robust": np.diag(rows["robust_error"].to_numpy() ** 2)}
    return Part(
        name=name,
        layout=layout,
        coefficients=rows["coefficient"].to_numpy(),
        covariances=covariances,
        dispersion=float(card[f"{name}: dispersion"]),
        objective=float(card[f"{name}: objective"]),
        steps=int(card[f"{name}: steps"]),
        scoring=scoring_of(layout.design, name, alpha),
        alpha=alpha,
        alpha_error=float(card[f"{name}: alpha_error"]) if alpha is not None else None,
    )


def _square(pairs: pl.DataFrame, terms: list[str]) -> Floats:
    at = {term: place for place, term in enumerate(terms)}
    square = np.zeros((len(terms), len(terms)))
    rows, columns = pairs["term"].replace_strict(at).to_numpy(), pairs["other"].replace_strict(at).to_numpy()
    square[rows, columns] = square[columns, rows] = pairs["covariance"].to_numpy()
    return square


def scoring_of(design: Design, part: str, alpha: float | None) -> Scoring:
    """Give how scores and means of a part follow from its predictor."""
    if part == "use":
        return Scoring("logistic")
    if part == "amount":
        return Scoring("quasi", users_only=True)
    if alpha is not None:
        return Scoring("nb2", shape=1 / alpha)
    power = {Family.GAUSSIAN: 0, Family.GAMMA: 2}.get(design.family, 1)
    return Scoring("quasi", power=power, log=design.link is Link.LOG)
