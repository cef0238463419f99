"""Citizens one by one: read in the need step only, on the machine where they lie, and never written again."""

import dataframely as dy

CONDITIONS = (
    "asthma",
    "copd",
    "dementia",
    "diabetes_1",
    "diabetes_2",
    "osteoporosis",
    "rheumatoid_arthritis",
    "schizophrenia",
)


class Citizens(dy.Schema):
    """One row per citizen and year (borger): characteristics, and the use made of general practice that year.

    Personal data. A model file names the columns it uses, so a register may hold other columns than these; codes are
    whole numbers, as the registers have them. What must hold of the columns a model uses is checked where they are read.
    """

    person_id = dy.Int64(primary_key=True, description="Pseudonym. Unit: none.")
    year = dy.Int16(primary_key=True, min=1990, max=2100, description="Calendar year. Unit: year.")
    municipality = dy.String(regex=r"^\d{4}$", description="Kommunekode of residence. Unit: none.")
    cell_id = dy.String(regex=r"^1km_\d{4}_\d{3}$", description="Grid cell of residence. Unit: km.")
    practice_id = dy.String(nullable=True, regex=r"^\d{6}$", description="Ydernummer; empty: on no list. Unit: none.")
    sex = dy.Int8(nullable=True, description="1 male, 2 female (KOEN). Unit: none.")
    age = dy.Int16(nullable=True, min=0, max=130, description="Age on 1 January. Unit: years.")
    education = dy.Int8(nullable=True, description="Highest completed, a parent's for the young: 1 to 5. Unit: none.")
    work = dy.Int8(nullable=True, description="Labour-market status (arbejdsmarkedstilknytning): 1 to 6. Unit: none.")
    income_fifth = dy.Int8(nullable=True, min=1, max=5, description="Fifth of household income. Unit: none.")
    lives_alone = dy.Int8(nullable=True, min=0, max=1, description="Lives with no other adult. Unit: none.")
    origin = dy.Int8(nullable=True, description="1 Danish, 2 western, 3 non-western (herkomst). Unit: none.")
    asthma = dy.Int8(nullable=True, min=0, max=1, description="Astma, as RUKS finds it. Unit: none.")
    copd = dy.Int8(nullable=True, min=0, max=1, description="KOL. Unit: none.")
    dementia = dy.Int8(nullable=True, min=0, max=1, description="Demens. Unit: none.")
    diabetes_1 = dy.Int8(nullable=True, min=0, max=1, description="Type 1-diabetes. Unit: none.")
    diabetes_2 = dy.Int8(nullable=True, min=0, max=1, description="Type 2-diabetes. Unit: none.")
    osteoporosis = dy.Int8(nullable=True, min=0, max=1, description="Osteoporose. Unit: none.")
    rheumatoid_arthritis = dy.Int8(nullable=True, min=0, max=1, description="Leddegigt. Unit: none.")
    schizophrenia = dy.Int8(nullable=True, min=0, max=1, description="Skizofreni. Unit: none.")
    distance_km = dy.Int16(nullable=True, min=0, description="To the nearest practice (supply). Unit: km.")
    reach = dy.Int16(nullable=True, min=0, description="Capacities in reach (supply). Unit: per 10,000 citizens.")
    practice_open = dy.Int8(
        nullable=True, min=0, max=1, description="A practice in reach is open (supply). Unit: none."
    )
    exposure_days = dy.Int16(min=0, max=366, description="Days of the year lived in the country. Unit: days.")
    contacts = dy.Int32(min=0, description="Contacts with general practice. Unit: contacts.")
    fee = dy.Int32(min=0, description="Fees for them (ydelseshonorar). Unit: kroner.")
