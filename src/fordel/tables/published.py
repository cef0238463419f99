"""Need models as others publish them: weights by sex and age, coefficients by term, or weighted lists."""

import dataframely as dy

from fordel.tables.people import AGE_GROUPS, SEXES


class PublishedWeights(dy.Schema):
    """One row per sex and age group: a published need weight (sygdomsvægt)."""

    sex = dy.Enum(SEXES, primary_key=True, description="Registered sex. Unit: none.")
    age_group = dy.Enum(AGE_GROUPS, primary_key=True, description="Five-year age group. Unit: years.")
    weight = dy.Float64(min_exclusive=0, description="Need weight, any scale. Unit: none.")


class PublishedCoefficients(dy.Schema):
    """One row per term of a published model (koefficient)."""

    term = dy.String(primary_key=True, min_length=1, description="Name, such as `age[80-84]`. Unit: none.")
    coefficient = dy.Float64(description="On the link scale of the model file. Unit: none.")


class PublishedLists(dy.Schema):
    """One row per list or area: people, the same people weighed, and what was paid for them."""

    list_id = dy.String(primary_key=True, min_length=1, description="Practice or area. Unit: none.")
    people = dy.Float64(nullable=True, min=0, description="People on the list. Unit: people.")
    weighted_citizens = dy.Float64(
        nullable=True, min=0, description="The same people weighed. Unit: weighted citizens."
    )


class PaidLists(PublishedLists):
    """The same with an amount."""

    amount = dy.Float64(nullable=True, description="Paid for the list. Unit: of money.")
