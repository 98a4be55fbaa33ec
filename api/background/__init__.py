"""The background process: it makes the figures and does the periodic tasks."""
