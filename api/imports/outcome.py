"""What an import did, or would do: told row by row where it refused."""

from dataclasses import dataclass, field

import orjson

from api.audit import audit_entry
from api.database.work import Work

SHOWN = 20


@dataclass(frozen=True)
class Refused:
    """A row that was not taken, and why."""

    line: int
    code: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.line}, {self.code or 'no code'}: {self.reason}"


@dataclass
class Outcome:
    """What an import does, or would do. ``encoding`` is how the file was read."""

    encoding: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def changes(self) -> list[str]:
        """What is written."""
        return [*self.added, *self.changed]

    def as_sent(self) -> dict[str, object]:
        """For scripts."""
        return {
            "added": len(self.added), "changed": len(self.changed), "unchanged": self.unchanged,
            "encoding": self.encoding,
            "refused": [{"row": each.line, "code": each.code, "reason": each.reason}
                        for each in self.refused],
        }  # fmt: skip

    def __str__(self) -> str:
        lines = [
            f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged, "
            f"{len(self.refused)} refused (read as {self.encoding})",
            *(f"  {each}" for each in self.refused[:SHOWN]),
        ]
        if len(self.refused) > SHOWN:
            lines.append(f"  and {len(self.refused) - SHOWN} more")
        return "\n".join(lines)

    def note(self, work: Work, act: str) -> None:
        """Note in the audit log what was written, if anything was."""
        if self.changes:
            content = orjson.dumps(sorted(self.changes))
            subject = f"{len(self.changes)} rows"
            work.session.add(audit_entry(work.mission_id, work.sequence, act, subject, content))
