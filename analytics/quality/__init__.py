"""Quality checks of reports: flags, and screening for answers that look made up."""
