"""Figures of a mission: loading the record and reference data, editions, and the figures
themselves."""
