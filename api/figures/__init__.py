"""Figures of a mission: its record and reference data, editions, and the figures themselves."""
