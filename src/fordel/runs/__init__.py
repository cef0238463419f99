"""Runs: a plan carried out on a snapshot and frozen, so that every number made from it can be checked again."""
