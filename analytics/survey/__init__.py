"""Survey statistics: designs, drawing of samples, estimates, intervals."""
