"""Places on the day and over the rounds: hours, changes, run-offs."""
