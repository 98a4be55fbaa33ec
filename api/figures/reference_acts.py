"""Which acts change a mission's reference data, so that they are read again after one."""

CHANGING = frozenset(
    {
        "areas",
        "centres",
        "checklist",
        "contest",
        "contests",
        "deployment",
        "deployments",
        "election",
        "hours",
        "mission",
        "round",
        "sample",
        "standards",
        "station",
        "stations",
    }
)
"""What an act is on, the word before its point. Whatever else is done, such as signing a pledge or
deciding on a report, leaves places, plans, rules and samples as they are."""
CALL = "deployment.call"
"""Changes only what is known of one team, and is read by itself."""
READ_BY_PAGES = CHANGING | {"observer", "observers", "results"}
"""After these also what pages have read of the database (:mod:`api.figures.once`) is read again."""
