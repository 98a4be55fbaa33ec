"""``mission appearance``."""

from pathlib import Path
from typing import Annotated

import typer

from api.audit.sealed_work import office
from api.commands.output import AsJson, MissionName, answer, read_bytes
from api.missions.appearance import set_appearance
from api.settings import Settings
from schemas.problems import Refusal


def appearance(
    mission: MissionName,
    accent: Annotated[str, typer.Option("--accent", help="A colour, written #RRGGBB.")] = "",
    logo: Annotated[Path | None, typer.Option("--logo", help="A PNG or JPEG file.")] = None,
    logo_text: Annotated[
        list[str] | None,
        typer.Option(
            "--logo-text", metavar="LANG=WORDS", help="What it shows, in a language; repeat it."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give the mission's documents its colour and its sign."""
    texts = dict(map(_pair, logo_text or ()))
    content = read_bytes(logo) if logo is not None else None
    with (
        office(Settings.from_environment()) as at,
        at.work(at.mission(mission)) as work,
    ):
        set_appearance(work, accent=accent, logo=content, alternative=texts)
    answer(
        {"mission": mission, "accent": accent, "logo": content is not None},
        as_json=as_json,
        line=f"{mission}: kept.",
    )


def _pair(given: str) -> tuple[str, str]:
    language, equals, words = given.partition("=")
    if not equals:
        raise Refusal("Write it as LANG=WORDS, such as en=A bridge.", "--logo-text")
    return language.strip(), words
