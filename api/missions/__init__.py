"""Missions, created from a file."""
