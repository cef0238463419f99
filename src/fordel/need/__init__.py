"""Treatment need (behandlingsbehov): from citizens' use of general practice to need weights, and to weighted citizens.

From a model file to weights, in the step that may see citizens:

    design = default_model()                               # or read_model(path): covariates, levels, family, with sources
    citizens = fordel.engines.duckdb_citizens(path)        # or postgres_citizens, spark_citizens: a ``CitizenSource``
    fitted = fit(design, citizens)                         # cells where the rows lie, then Newton on cells
    weighed = weigh_citizens(fitted, citizens)             # weighted citizens per practice and municipality
    frames = frames_of(fitted)                             # coefficients, covariances, card: all that leaves the step

What a founder of a new part needs to know:

- ``Design`` is frozen; ``without(names)``, ``without_supply()`` and ``with_family()`` give other specifications of it.
- ``Cells`` (``citizens.cells(design)``) hold all a fit needs as whole numbers: ``codes(covariate)`` and ``statistics``. They
  are personal data: never written. Add parts with ``+``; drop some with ``chosen(mask)``; fit them with ``fit_cells``.
- ``Fitted.parts`` has one ``Part`` (``mean``), or two (``use`` x ``amount``): ``layout.terms`` name its ``coefficients``,
  ``best_covariance`` is what draws are made from, ``layout.touched(cells)`` and ``kernels()`` give X β without X.
- ``neutral_predictor(fitted, part, coefficients=draw)`` gives the tables that weigh with a draw of coefficients, and
  ``weigh_cells`` the weight of each cell; ``part.scoring.mean`` turns a predictor into a mean.
- ``Fitted.shares`` and ``means`` say what "the nation's mean" is of each covariate.
"""

from fordel.need.cells import Cells
from fordel.need.design import Covariate, Design, Family, Link, NeedError
from fordel.need.fit import Fitted, Part, fit, fit_cells
from fordel.need.frames import fitted_of, frames_of
from fordel.need.model_file import default_model, read_model
from fordel.need.published import Lists, Origin, coefficients_as_model, scaled_lists, weights_as_model
from fordel.need.rules import NeedParams, need_weight
from fordel.need.source import CitizenSource
from fordel.need.weigh import practices_unweighed, weigh
from fordel.need.weigh_citizens import Weighed, neutral_predictor, predict_cells, weigh_cells, weigh_citizens
from fordel.need.weigh_counts import column_of, weigh_counts

__all__ = [
    "Cells",
    "CitizenSource",
    "Covariate",
    "Design",
    "Family",
    "Fitted",
    "Link",
    "Lists",
    "NeedError",
    "NeedParams",
    "Origin",
    "Part",
    "Weighed",
    "coefficients_as_model",
    "column_of",
    "default_model",
    "fit",
    "fit_cells",
    "fitted_of",
    "frames_of",
    "need_weight",
    "neutral_predictor",
    "practices_unweighed",
    "predict_cells",
    "read_model",
    "scaled_lists",
    "weigh",
    "weigh_cells",
    "weigh_citizens",
    "weigh_counts",
    "weights_as_model",
]
