"""Imports: files that change a snapshot, looked at before they count, and taken back where they were wrong."""
