"""Forecasts of people: the one built into the national model, and the newest one."""

import dataframely as dy

FORECASTS = ("model", "newest")


class Forecasts(dy.Schema):
    """One row per forecast, municipality and year: people expected on 1 January (befolkningsfremskrivning)."""

    forecast = dy.Enum(
        FORECASTS, primary_key=True, description="Built into the national model, or the newest there is. Unit: none."
    )
    municipality = dy.String(primary_key=True, regex=r"^\d{4}$", description="Kommunekode. Unit: none.")
    year = dy.Int64(primary_key=True, min=2008, max=2100, description="Year of the 1 January meant. Unit: year.")
    people = dy.Int64(min=0, description="People expected. Unit: people.")
    source = dy.String(min_length=1, description="Publisher and vintage of the forecast. Unit: none.")
