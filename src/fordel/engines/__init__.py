"""Engines: what does heavy work, each beside a slow obvious reference that it must equal.

DuckDB counts citizens where they lie by default; PostgreSQL and Spark run the same expressions. Distances, roads and
flows have compiled engines.
"""

from fordel.engines.citizens import IbisCitizens
from fordel.engines.parquet import ParquetCitizens, duckdb_citizens
from fordel.engines.servers import postgres_citizens, spark_citizens

__all__ = ["IbisCitizens", "ParquetCitizens", "duckdb_citizens", "postgres_citizens", "spark_citizens"]
