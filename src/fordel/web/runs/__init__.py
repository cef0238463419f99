"""Finished runs: which there are, what is in them, and who may see which part."""
