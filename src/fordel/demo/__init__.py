"""Open data shipped with Fordel, and the recipes that turn them into tables."""
