"""Where new capacities should lie (placering af lægekapaciteter): the dated criteria that regions state."""
