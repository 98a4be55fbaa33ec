"""What the demonstration's observers pledge to: summaries in our own words, marked as such.

A real mission loads the official text; these only say what it is about.
"""

SUMMARIES = {
    "coc": (
        "International observers: a summary of the code, for demonstration",
        """\
This is a summary for a demonstration. It is not the text of the Code of Conduct.

- Respect the country's sovereignty and everybody's human rights.
- Respect the laws of the country and the authority of those who run the election.
- Guard the integrity of the mission: report conflicts of interest and misconduct.
- Stay impartial at all times, in private too. Take no gifts from anyone with a stake.
- Do not obstruct the process. Do not instruct, advise or correct officials.
- Identify yourself whenever you are asked.
- Be accurate: note good and bad, say what you saw and what you were told, where and when.
- Say nothing to the media or the public before the mission has spoken.
- Cooperate with other observers, domestic and international.
- Behave with care and respect.
- A breach is looked into; whoever breaks the code may be sent home.

By pledging you say that you have read this and will keep to it.
""",
    ),
    "gndem": (
        "Citizen observers: a summary of the principles, for demonstration",
        """\
This is a summary for a demonstration. It is not the text of the Declaration of Global Principles.

- Observe for the citizens of the country, for no party and no candidate.
- Stay non-partisan in what you do and say as long as you observe.
- Respect the law, the secrecy of the vote and the rights of voters.
- Do not obstruct the process. Do not instruct officials.
- Report exactly and on time what you saw, good and bad.
- Say when a matter touches your own interests.
- Never put anybody at risk by what you write down or publish.
- Leave it to your organisation to announce what was found.

By pledging you say that you have read this, and that you are and remain non-partisan.
""",
    ),
}
"""By instrument: title and body, in English."""
