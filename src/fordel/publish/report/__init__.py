"""The report of a run: HTML that needs nothing but itself, in Danish and English."""

from fordel.publish.report._write import BadReport, write_report

__all__ = ["BadReport", "write_report"]
