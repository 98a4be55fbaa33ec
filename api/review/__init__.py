"""Review of reports: decisions, quality flags, release of held reports."""
