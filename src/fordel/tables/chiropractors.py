"""What the distribution of chiropractors is computed from: a table of its own, per area."""

import dataframely as dy


class ChiropractorAreas(dy.Schema):
    """One row per area of a region's plan for chiropractors (kiropraktik): three criteria, and the capacities there."""

    area_id = dy.String(primary_key=True, min_length=1, description="Planning area or district. Unit: none.")
    name = dy.String(min_length=1, description="Danish name. Unit: none.")
    treated = dy.Int64(min=0, description="Patients treated by chiropractors there in a year. Unit: people.")
    insured = dy.Int64(min=0, description="Insured citizens of the area. Unit: people.")
    back_disease = dy.Int64(min=0, description="Citizens with a disease of the back (health profile). Unit: people.")
    capacities = dy.Float64(min=0, description="Capacities there today. Unit: capacities.")
