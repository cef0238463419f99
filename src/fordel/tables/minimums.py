"""Minimums announced before: what a new minimum is compared with, so that it does not jump about from year to year."""

import dataframely as dy


class Minimums(dy.Schema):
    """One row per practice and day: the minimum per capacity announced to it (udmeldt minimumspatienttal).

    Source: the region's letters of earlier years. The newest row before the law date counts.
    """

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    valid_from = dy.Date(primary_key=True, description="First day it holds. Unit: day.")
    minimum_per_capacity = dy.Int64(min=0, description="Announced minimum. Unit: patients per capacity.")
