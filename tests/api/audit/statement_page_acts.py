"""A draft written and led towards release by the forms of its pages, each act done with success."""

from tests.api.audit.acting import Acting

BLOCKS = "POST page/statements/{id}/blocks"


async def write_on_pages(act: Acting) -> None:
    """A paragraph added, written, commented on and left out; then an embargo."""
    made = await act("POST page/statements", data={"language": "en"})
    of = {"id": made.headers["location"].rsplit("/", 1)[1]}
    await act(BLOCKS, at=of, data={"text": "We were there.", "type": "paragraph"})
    blocks = (await act.get(f"statements/{of['id']}"))["blocks"]
    own = of | {"block": next(one["id"] for one in blocks if one["origin"] == "person")}
    await act(f"{BLOCKS}/{{block}}", at=own, data={"text": "We were here.", "version": "1"})
    await act(f"{BLOCKS}/{{block}}/comment", at=own, data={"text": "Were we?"})
    page = await act.client.get(
        f"/missions/{act.slug}/statements/{of['id']}/edit", headers=act.headers("lead")
    )
    comment = page.text.split("/comments/")[1].split('"')[0]
    await act(
        "POST page/statements/{id}/comments/{comment}",
        at=of | {"comment": comment},
        data={"resolution": "We were."},
    )
    hidden = own | {"act": "hide"}
    await act(
        f"{BLOCKS}/{{block}}/{{act}}", at=hidden, data={"reason": "Not ours.", "version": "2"}
    )
    section = {"section": blocks[-1]["section"], "mine": "yes"}
    await act("POST page/statements/{id}/owners", at=of, data=section)
    await _exclude(act)
    await act("POST page/statements/{id}/snapshot/{act}", at=of | {"act": "count"})
    kept = {"until": "2099-02-01T10:00", "zone": "UTC"}
    await act("POST page/statements/{id}/release/{act}", at=of | {"act": "embargo"}, data=kept)


async def _exclude(act: Acting) -> None:
    """Leave out a report that is counted, so that numbers move."""
    found = (await act.get("findings?limit=1000"))["items"]
    report = next(each["reports"][-1] for each in found if each["reports"])
    number = (await act.get(f"reports/{report}"))["versions"][-1]["number"]
    out = {"status": "quarantined", "scope": "all", "reason": "Another day.", "number": number}
    await act("POST api/reports/{report_id}/decision", at={"report_id": report}, json=out)
