"""The list of changes that an adoption made, in order."""

from dataclasses import dataclass, field

from mobile_forms.sheets import Problem


@dataclass
class ChangeLog:
    """Takes down each change once."""

    changes: list[Problem] = field(default_factory=list)

    def __call__(
        self, sheet: str, row: int | None, column: str | None, found: str, done: str
    ) -> None:
        """``found`` stood there; ``done`` is what stands now."""
        change = Problem(sheet, row, column, found, done)
        if change not in self.changes:
            self.changes.append(change)
