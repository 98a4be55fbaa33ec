"""Review of reports: decisions, quality flags, what is held and let go."""
