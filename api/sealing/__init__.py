"""The audit chain: every write of consequence sealed, and verified again."""
