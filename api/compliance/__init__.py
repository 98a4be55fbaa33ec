"""The compliance ledger: each principle and duty, what the mission has on record, what is open."""
