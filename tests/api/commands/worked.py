"""A mission that has worked, for tests of its end and of what the next one inherits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage

Save = Callable[[str, str | bytes], Path]
NAME = "Nadia Example"
ARCHIVE = pyrage.x25519.Identity.generate()
KEY = f"archive={ARCHIVE.to_public()}"
VASTRIA = Path(__file__).parents[3] / "docs" / "missions" / "vastria.toml"


def report(**members: Any) -> str:
    """One line of an outbox: kept and placed, unless a member says otherwise."""
    said = {
        "id": str(uuid4()),
        "checklist": "voting",
        "round": "first",
        "station": "001",
        "observer": "W-1",
        "arrived_at": "2027-04-11T09:00:00Z",
        "answers": {"access_given": "freely", "remarks": "ça va"},
    }
    return json.dumps(said | members, ensure_ascii=False)


def recommend(rows: Callable[..., list[Any]], number: str) -> None:
    rows(
        """INSERT INTO recommendation (mission_id, id, number, words, addressee, priority, law,
          part, obligations, findings, earlier, of_mission, implementation, recorded_by,
          recorded_at)
        SELECT mission_id, gen_random_uuid(), %s, 'Publish results by station.', 'Commission',
          'priority', '', '', '["obl:10"]', '[]', '', '', 'not_assessed', id, now()
        FROM member WHERE role = 'lead' LIMIT 1""",
        number,
    )
