"""Figures of a mission: what they are made from, kept fresh with the reports, and exported."""
