"""Closing a mission: it is frozen, handed over, forgotten on its dates, and inherited from."""
