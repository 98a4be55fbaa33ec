"""``round runoff``."""

from datetime import datetime
from typing import Annotated

import typer

from api.audit.sealed_work import office
from api.commands.output import AsJson, MissionName, answer
from api.places.runoff import hold_runoff
from api.settings import Settings

Days = Annotated[
    list[datetime], typer.Option("--day", formats=["%Y-%m-%d"], help="A polling day; repeatable.")
]
GoingOn = Annotated[
    list[str],
    typer.Option("--contest", metavar="CODE=A,B", help="A contest and who goes on; repeatable."),
]


def runoff(
    mission: MissionName,
    of: Annotated[str, typer.Option("--of", help="The round before.")],
    code: Annotated[str, typer.Option("--code", help="The new round's code.")],
    name: Annotated[str, typer.Option("--name", help="What it is called.")],
    day: Days,
    contest: GoingOn,
    as_json: AsJson = False,
) -> None:
    """Hold a run-off in one act: people, places and pledges are those that are there."""
    contests = {
        each.partition("=")[0]: [one for one in each.partition("=")[2].split(",") if one]
        for each in contest
    }
    with office(Settings.from_environment()) as at, at.work(at.mission(mission)) as work:
        made = hold_runoff(
            work,
            of=of,
            code=code,
            name=name,
            days=[each.date() for each in day],
            contests=contests,
        )
    values = {"round": made.code, "polling_days": made.polling_days}
    line = f"Round {made.code} on {', '.join(made.polling_days)}: {', '.join(contests)} go on."
    answer(values, as_json=as_json, line=line)
