"""Placement: where new capacities should lie, searched for by the worker, with a proof of how good the plan is."""
