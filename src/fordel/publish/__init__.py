"""Publish: show a finished run as explanations, files and reports. Reads runs only, never the tables they came from."""
