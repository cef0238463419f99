"""Stated maxima: the most patients practices have said they will have, such as in the yearly hearing."""

import dataframely as dy


class StatedMaxima(dy.Schema):
    """One row per practice that has said so: the most patients it will have (oplyst maksimum).

    Source: the practices' answers to the region. A practice without a row has stated none.
    """

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    stated_maximum = dy.Int64(min=0, description="Most patients it will have in all. Unit: people.")
