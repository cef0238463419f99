"""Engines: the fast way to do the heavy work, each beside the slow obvious reference it must equal.

Coverage measures and moves patients by compiled engines; need counts citizens where they lie, by DuckDB, PostgreSQL or
Spark.
"""
