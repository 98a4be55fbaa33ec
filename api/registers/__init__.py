"""Registers: what a mission notes beside its checklists, each described once."""
