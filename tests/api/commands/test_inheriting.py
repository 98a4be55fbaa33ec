"""``mission inherit``: the next mission begins from what an earlier one handed over."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.api.commands.worked import KEY, VASTRIA, Save, recommend
from tests.command_line import CommandLine


def test_the_next_mission_takes_recommendations_and_the_shared_frame_once(
    indelible: CommandLine, worked: str, saved: Save, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    recommend(rows, "1")
    rows("UPDATE mission SET shares_frame = true")
    indelible.done(
        "mission", "close", worked, "--confirm", worked, "--to", tmp_path / "out", "--key", KEY
    )
    file = VASTRIA.read_text("utf-8").replace('slug = "vastria-2027"', 'slug = "vastria-2032"')
    indelible.done("mission", "create", saved("next.toml", file))
    inherit = ("mission", "inherit", "vastria-2032", tmp_path / "out")
    first = indelible.done(*inherit)
    assert (first["recommendations"], first["places"]) == (1, 2)
    taken = rows("""SELECT r.number, r.of_mission, r.implementation FROM recommendation r
      JOIN mission m USING (mission_id) WHERE m.slug = 'vastria-2032'""")
    assert taken == [("vastria-2027/1", "vastria-2027", "not_assessed")]
    opened = rows("""SELECT count(*), sum(registered_voters) FROM round_place
      JOIN mission m USING (mission_id) WHERE m.slug = 'vastria-2032'""")
    assert opened == [(4, 2400)]
    again = indelible.done(*inherit)
    assert (again["recommendations"], again["areas"], again["places"]) == (0, 0, 0)


def test_the_next_mission_takes_what_was_had_of_every_irregularity_once(
    indelible: CommandLine, worked: str, saved: Save, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    recommend(rows, "1")
    # It is dated ahead, and counts because somebody has verified it.
    rows("UPDATE report SET status = 'verified'")
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    handed = [json.loads(each) for each in (out / "indicators.ndjson").read_bytes().splitlines()]
    assert handed
    for each in handed:
        assert each["number"]["type"] == "count"
        assert (each["why_count"], each["draw"]) == ("not_a_sample", {})
        assert each["sources"][0]["question"]
    rows("UPDATE mission SET state = 'active'")
    assert indelible.done("mission", "inherit", worked, out)["indicators"] == len(handed)
    assert indelible.done("mission", "inherit", worked, out)["indicators"] == 0
    kept = rows("SELECT of_mission, indicator, number ->> 'type' FROM earlier_indicator")
    assert sorted(kept) == sorted(("vastria-2027", each["indicator"], "count") for each in handed)
    sealed = rows("SELECT count(*) FROM sealed_row WHERE source = 'earlier_indicator'")
    assert sealed == [(len(handed),)]
    assert "earlier_indicator" not in indelible("doctor").out


def test_an_older_handover_without_irregularities_is_still_taken(
    indelible: CommandLine, worked: str, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    recommend(rows, "1")
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    manifest = json.loads((out / "manifest.json").read_bytes())
    del manifest["files"]["indicators.ndjson"]
    (out / "manifest.json").write_text(json.dumps(manifest))
    (out / "indicators.ndjson").unlink()
    rows("UPDATE mission SET state = 'active'")
    taken = indelible.done("mission", "inherit", worked, out)
    assert (taken["recommendations"], taken["indicators"]) == (1, 0)


def test_a_frame_that_is_not_shared_stays_and_a_changed_file_is_refused(
    indelible: CommandLine, worked: str, tmp_path: Path, rows: Callable[..., list[Any]]
) -> None:
    recommend(rows, "1")
    out = tmp_path / "out"
    indelible.done("mission", "close", worked, "--confirm", worked, "--to", out, "--key", KEY)
    assert not (out / "frame").exists()
    rows("UPDATE mission SET state = 'active'")
    assert indelible.done("mission", "inherit", worked, out)["places"] == 0
    (out / "recommendations.ndjson").write_text("{}\n")
    said = indelible("mission", "inherit", worked, out)
    assert said.code == 1
    assert "not the file that was handed over" in said.err
