"""What a deployment may be: its kinds, and the most reports that a team may owe."""

MAX_EXPECTED_REPORTS = 100


KINDS = {"station": ("static", "mobile"), "centre": ("centre",), "area": ("mobile",)}
"""The kinds that a deployment to each sort of target may be; the first is the usual one."""
