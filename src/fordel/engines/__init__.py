"""Engines: what does heavy work where the rows lie. DuckDB is the default; PostgreSQL and Spark run the same expressions."""

from fordel.engines.citizens import IbisCitizens
from fordel.engines.parquet import ParquetCitizens, duckdb_citizens
from fordel.engines.servers import postgres_citizens, spark_citizens

__all__ = ["IbisCitizens", "ParquetCitizens", "duckdb_citizens", "postgres_citizens", "spark_citizens"]
