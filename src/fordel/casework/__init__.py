"""Casework (sagsbehandling): cases as states and events in tables, with no framework."""
