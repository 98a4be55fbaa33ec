"""Deployments on the day: teams sent elsewhere, called, withdrawn."""
