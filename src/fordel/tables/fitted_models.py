"""A fitted need model as tables: never a pickle, so that it can be read, checked and published."""

import dataframely as dy


class Coefficients(dy.Schema):
    """One row per coefficient of a fitted need model (koefficient). Errors are empty where none were published."""

    part = dy.String(primary_key=True, description="Equation: mean; or use, amount of a two-part model. Unit: none.")
    term = dy.String(primary_key=True, description="Name, such as `age[80-84]:sex[female]`. Unit: none.")
    place = dy.Int64(min=0, description="Column of the design matrix. Unit: none.")
    covariates = dy.String(description="What it is of, joined by `:`; empty: the constant. Unit: none.")
    levels = dy.String(description="At which levels, joined by `:`. Unit: none.")
    coefficient = dy.Float64(description="On the link scale (log, unless the card says identity). Unit: none.")
    model_error = dy.Float64(nullable=True, min=0, description="Standard error if the family holds. Unit: none.")
    robust_error = dy.Float64(nullable=True, min=0, description="Standard error whatever the variance. Unit: none.")
    practice_error = dy.Float64(
        nullable=True, min=0, description="Clustered by practice; empty: not known. Unit: none."
    )
    relativity = dy.Float64(description="Factor on use, or addition with an identity link. Unit: none.")


class Covariances(dy.Schema):
    """One row per pair of coefficients: the covariance that draws are made from (practice-clustered where known)."""

    part = dy.String(primary_key=True, description="Equation. Unit: none.")
    term = dy.String(primary_key=True, description="One coefficient. Unit: none.")
    other = dy.String(primary_key=True, description="The other; each pair once. Unit: none.")
    covariance = dy.Float64(description="Covariance. Unit: none.")


class Levels(dy.Schema):
    """One row per level of a covariate: the share of citizens that the nation's mean rests on; a linear one has its range."""

    covariate = dy.String(primary_key=True, description="Covariate. Unit: none.")
    level = dy.String(primary_key=True, description="Level; `mean`, `lowest`, `highest` if linear. Unit: none.")
    share = dy.Float64(description="Share of citizens; or the value, if linear. Unit: none.")


class ModelCard(dy.Schema):
    """One row per fact of a model card (modelkort): what was fitted, on whom, and who was left out and why."""

    fact = dy.String(primary_key=True, description="Name of the fact. Unit: none.")
    value = dy.String(description="As text. Unit: as the fact says.")
