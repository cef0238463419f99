"""Casework (sagsbehandling): the dated calendar, limits and grants that regions decide cases by."""
