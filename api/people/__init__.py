"""People of the mission: their gates, their phones, and how they conduct themselves."""
