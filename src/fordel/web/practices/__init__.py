"""Practices: the list, and for each the page that tells why its number is what it is."""
