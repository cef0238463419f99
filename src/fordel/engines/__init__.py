"""Engines: the fast way to measure and to move patients, each beside the slow obvious reference it must equal."""
