"""``mission create``: a mission from its file."""

from pathlib import Path
from typing import Annotated

import typer

from api.audit.sealed_work import office
from api.commands.output import AsJson, about, answer, read_bytes
from api.missions.create import create_mission
from api.missions.mission_file import read_mission_file
from api.settings import Settings


def create(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml")], as_json: AsJson = False
) -> None:
    """Found a mission: election, rounds, contests, contestants, checklists, first tokens."""
    with about(file):
        plan = read_mission_file(read_bytes(file))
        with office(Settings.from_environment()) as at:
            founded = create_mission(at, plan)
    tokens = "".join(f"\n  {role:<13} {token}" for role, token in founded.tokens.items())
    answer(
        {"mission": founded.slug, "tokens": founded.tokens},
        as_json=as_json,
        line=f"Mission {founded.slug}. Its tokens are shown this once:{tokens}",
    )
