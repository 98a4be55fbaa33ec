"""What a report says beside its answers, in words; and the flags that no checklist raises."""

from schemas.words import N_

MEMBERS = {
    "station": N_("Station"),
    "place": N_("Place"),
    "round": N_("Round"),
    "contest": N_("Contest"),
    "observer": N_("Observer"),
    "with": N_("With"),
    "visit": N_("Visit"),
    "arrived_at": N_("Arrival"),
    "departed_at": N_("Departure"),
    "finalised_at": N_("Finished"),
    "position": N_("Position"),
    "version": N_("Version of the checklist"),
    "report": N_("Report"),
}
FLAGS = {
    "clock_ahead": N_("Dated ahead of when it came in"),
    "clock_order": N_("Left before it arrived"),
    "clock_day": N_("Arrival on no polling day"),
    "before_polling": N_("Came before polling began"),
    "same_team": N_("Another phone of the team was here at the same time"),
    "constraint": N_("A value that the form does not allow"),
    "calculation": N_("Calculated otherwise by the phone"),
}
"""By the name of the flag; the last two are followed by their question."""
