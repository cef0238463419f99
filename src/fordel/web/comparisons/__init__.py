"""Two runs beside each other: what changed, and which of data, parameters, rules and geography changed it."""
