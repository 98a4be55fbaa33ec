"""``member add``, ``list``, ``reset``, ``end``: who may enter a mission."""

from typing import Annotated, Any

import typer
from sqlmodel import col, select

from api.audit.sealed_work import office
from api.auth import members
from api.auth.members import INVITATION_HOURS, KEYS, find_member
from api.commands.output import AsJson, MissionName, answer
from api.settings import Settings
from schemas.credential import Role
from schemas.mission import Member
from schemas.rights import RIGHTS

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="Such as DM-2; no name.")]


def add(
    mission: MissionName,
    handle: Handle,
    role: Annotated[Role, typer.Option(help="What the member may do.")],
    area: Annotated[str, typer.Option(help="A coordinator's area, by its code.")] = "",
    sections: Annotated[str, typer.Option(help="A core-team analyst's, by commas.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take a member in; print an invitation, or a partner's or import's key, this once."""
    settings = Settings.from_environment()
    with office(settings) as at, at.work(at.mission(mission), though_closed=True) as work:
        if role in KEYS:
            _, token = members.issue_key(work, handle, role)
            said = {"member": handle, "role": role, "key": token}
            line = f"{handle} holds this key, shown this once:\n  {token}"
        else:
            made = members.add_member(work, handle, role, area=area, sections=sections.split(","))
            link = _link(settings, members.invite(work, made))
            said = {"member": handle, "role": role, "invitation": link}
            line = _invited(handle, link)
    answer(said, as_json=as_json, line=line)


def reset(mission: MissionName, handle: Handle, as_json: AsJson = False) -> None:
    """A new invitation for a member who lost a way in; open sessions end."""
    settings = Settings.from_environment()
    with office(settings) as at, at.work(at.mission(mission), though_closed=True) as work:
        member = find_member(work.session, work.mission_id, handle)
        link = _link(settings, members.invite(work, member))
    answer({"member": handle, "invitation": link}, as_json=as_json, line=_invited(handle, link))


def end(mission: MissionName, handle: Handle, as_json: AsJson = False) -> None:
    """Let a member go: nothing of theirs opens anything any more."""
    with (
        office(Settings.from_environment()) as at,
        at.work(at.mission(mission), though_closed=True) as work,
    ):
        member = find_member(work.session, work.mission_id, handle)
        members.end_member(work, member)
    answer({"member": handle, "ended": True}, as_json=as_json, line=f"{handle} has left.")


def listed(mission: MissionName, as_json: AsJson = False) -> None:
    """Members by handle, with their roles and rights."""
    with office(Settings.from_environment()) as at, at.reading(at.mission(mission)) as session:
        rows = [_row(each) for each in session.exec(select(Member).order_by(col(Member.handle)))]
    lines = "\n".join(
        f"{each['member']:<32} {each['role']:<17} {'left' if each['ended'] else ''}".rstrip()
        for each in rows
    )
    answer({"items": rows}, as_json=as_json, line=lines)


def _row(member: Member) -> dict[str, Any]:
    return {
        "member": member.handle,
        "role": member.role,
        "sections": member.sections,
        "ended": member.ended_at is not None,
        "rights": sorted(RIGHTS[Role(member.role)]),
    }


def _link(settings: Settings, token: str) -> str:
    return f"{settings.address}/invitation/{token}"


def _invited(handle: str, link: str) -> str:
    hours = f"within {INVITATION_HOURS} hours"
    return f"{handle} is invited; the link can be used once, {hours}:\n  {link}"
