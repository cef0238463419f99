"""People counted in groups: by municipality, by list, by place; and the weight of a group. No person rows."""

import dataframely as dy

SEXES = ("female", "male")
AGE_GROUPS = (*(f"{age:02d}-{age + 4:02d}" for age in range(0, 95, 5)), "95+")


class Population(dy.Schema):
    """One row per municipality, sex and age group: residents (borgere). Source: Statistics Denmark, FOLK1B."""

    municipality = dy.String(primary_key=True, regex=r"^\d{4}$", description="Kommunekode of residence. Unit: none.")
    sex = dy.Enum(SEXES, primary_key=True, description="Registered sex. Unit: none.")
    age_group = dy.Enum(AGE_GROUPS, primary_key=True, description="Five-year age group. Unit: years.")
    people = dy.Int64(min=0, description="Residents on the snapshot date. Unit: people.")


class Registrations(dy.Schema):
    """One row per practice, municipality of residence, sex and age group: patients on the list (tilmeldte)."""

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    municipality = dy.String(primary_key=True, regex=r"^\d{4}$", description="Kommunekode of residence. Unit: none.")
    sex = dy.Enum(SEXES, primary_key=True, description="Registered sex. Unit: none.")
    age_group = dy.Enum(AGE_GROUPS, primary_key=True, description="Five-year age group. Unit: years.")
    patients = dy.Int64(min_exclusive=0, description="Group-1 citizens on the list. Unit: people.")


class DemandPoints(dy.Schema):
    """One row per populated 1-km cell and municipality: where people live (bopæl). Coordinates: EPSG:25832."""

    cell_id = dy.String(
        primary_key=True, regex=r"^1km_\d{4}_\d{3}$", description="Grid cell, northing_easting. Unit: km."
    )
    municipality = dy.String(primary_key=True, regex=r"^\d{4}$", description="Kommunekode. Unit: none.")
    easting = dy.Float64(min=400_000, max=950_000, description="Easting of the point people stand in. Unit: metres.")
    northing = dy.Float64(min=6_000_000, max=6_450_000, description="Northing of that point. Unit: metres.")
    landmass = dy.String(
        min_length=1, description="Land reached without a ferry; `fixed` is all that fixed links join. Unit: none."
    )
    people = dy.Int64(min_exclusive=0, description="People in the cell. Unit: people.")


class NeedWeights(dy.Schema):
    """One row per sex and age group: use of general practice relative to others (behandlingsbehov), before scaling."""

    sex = dy.Enum(SEXES, primary_key=True, description="Registered sex. Unit: none.")
    age_group = dy.Enum(AGE_GROUPS, primary_key=True, description="Five-year age group. Unit: years.")
    coefficient = dy.Float64(min_exclusive=0, description="Relative treatment need, any scale. Unit: none.")
