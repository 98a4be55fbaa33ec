"""The console script ``indelible``: one file a noun."""

import sys
from collections.abc import Callable

import typer

from api.commands import (
    backups,
    checklists,
    demo,
    estimating,
    imports,
    members,
    mission_appearance,
    missions,
    reports,
    samples,
    server,
    statement_render,
    statement_steps,
    statements,
)
from api.commands.output import REFUSALS
from api.database.private_files import only_for_the_owner

app = typer.Typer(
    help="A field data system for election observation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    server.serve,
    server.worker,
    server.migrate,
    server.doctor,
    server.seal,
    backups.backup,
    backups.restore,
    demo.demo,
    estimating.estimate,
):
    app.command()(command)
GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "mission": (
        "Missions.",
        {
            "create": missions.create,
            "close": missions.close,
            "reopen": missions.reopen,
            "retention": missions.retention,
            "inherit": missions.inherit,
            "appearance": mission_appearance.appearance,
        },
    ),
    "member": (
        "Members: who may enter a mission.",
        {
            "add": members.add,
            "list": members.listed,
            "reset": members.reset,
            "end": members.end,
        },
    ),
    "areas": ("Areas of any depth.", {"import": imports.import_areas}),
    "stations": ("Polling stations.", {"import": imports.import_stations}),
    "centres": ("Counting and tabulation centres.", {"import": imports.import_centres}),
    "contests": ("Contests and contestants.", {"import": imports.import_contests}),
    "standards": ("The mission's own standards.", {"import": imports.import_standards}),
    "round": ("Rounds of voting.", {"runoff": missions.runoff}),
    "observers": ("Observers.", {"import": imports.import_observers}),
    "code": ("Texts of codes that observers pledge to.", {"load": imports.load_code}),
    "pledges": ("Pledges signed on paper.", {"import": imports.import_pledges}),
    "identities": ("Who stands behind a pseudonym.", {"import": imports.import_identities}),
    "briefings": ("Briefings.", {"import": imports.import_briefings}),
    "accreditations": ("Accreditations.", {"import": imports.import_accreditations}),
    "enrolment": ("Enrolment of phones.", {"sheet": imports.enrolment_sheet}),
    "deployments": ("Deployments.", {"import": imports.import_deployments}),
    "sample": (
        "Samples of polling stations.",
        {"draw": samples.draw_sample, "size": samples.size_sample},
    ),
    "checklist": (
        "Checklists.",
        {
            "lint": checklists.lint,
            "adopt": checklists.adopt,
            "publish": checklists.publish,
            "export": checklists.export,
        },
    ),
    "reports": ("Reports.", {"import": reports.import_reports, "export": reports.export}),
    "results": ("Official results.", {"import": reports.import_results}),
    "statement": (
        "Statements.",
        {
            "draft": statements.draft,
            "lint": statement_steps.lint,
            "approve": statement_steps.approve,
            "release": statement_steps.release,
            "render": statement_render.render,
        },
    ),
}
for name, (words, commands) in GROUPS.items():
    group = typer.Typer(help=words, no_args_is_help=True)
    for verb, function in commands.items():
        group.command(verb)(function)
    app.add_typer(group, name=name)


def main() -> None:
    """Run the command line. What is refused is one line on stderr and exit code 1."""
    try:
        with only_for_the_owner():
            app()
    except REFUSALS as problem:
        print(f"indelible: {problem}", file=sys.stderr)
        raise SystemExit(1) from None
