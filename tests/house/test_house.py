"""The house keeps its own laws: sizes, names, docstrings, and what a lock may hold."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from api import pages, routes

HOUSE = Path(__file__).parents[2]
OURS = ("schemas", "mobile_forms", "analytics", "api")
SAYS_NOTHING = re.compile(r"^(utils?|helpers?|managers?|services?|crud|common|misc)$")
BUILT = {"node_modules", "dist", "__pycache__"}
LONGEST_FILE = 400
DOORS = ("api/pages", "api/routes")
HANDED_ON = {"AsyncSession", "Session", "Select"}
"""What a page or a route may name of the database: what it hands on and does not make."""


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file of ours in these folders, but the migrations."""
    for folder in folders:
        for file in (HOUSE / folder).rglob("*.py"):
            if not BUILT & set(file.parts) and "versions" not in file.parts:
                yield file


def _undocumented(file: Path) -> list[str]:
    """The public functions and classes of a file that have no docstring."""
    return [
        f"{file.relative_to(HOUSE)}: {node.name}"
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_no_file_is_named_for_nothing_in_particular_or_outgrows_four_hundred_lines() -> None:
    files = list(sources(*OURS, "tests"))
    assert [str(file) for file in files if SAYS_NOTHING.match(file.stem)] == []
    sizes = {str(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_nothing_lies_at_the_top_that_a_trial_left_there() -> None:
    left = {".png", ".jpg", ".pdf", ".docx", ".zip"}
    assert [each.name for each in HOUSE.iterdir() if each.suffix in left] == []


def test_every_public_function_and_class_has_a_docstring() -> None:
    assert [name for file in sources(*OURS) for name in _undocumented(file)] == []


def _asks(file: Path) -> list[str]:
    """What a file imports to ask the database with."""
    return [
        f"{file.relative_to(HOUSE)}: {each.name}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
        if re.match(r"sqlalchemy|sqlmodel", getattr(node, "module", None) or each.name)
        and each.name not in HANDED_ON
    ]


def test_pages_and_routes_ask_the_database_nothing_and_stand_in_the_lists_of_routers() -> None:
    assert [each for file in sources(*DOORS) for each in _asks(file)] == []
    for package in (pages, routes):
        folder = Path(package.__file__ or "").parent
        own = {
            each.stem for each in folder.glob("*.py") if "\nrouter = " in each.read_text("utf-8")
        }
        assert own == set(package.NAMES)


def test_locks_name_no_registry_and_every_dependency_has_its_reason() -> None:
    assert "://" not in (HOUSE / "requirements.lock").read_text(encoding="utf-8")
    assert '"resolved": "http' not in (HOUSE / "package-lock.json").read_text(encoding="utf-8")
    assert not (HOUSE / "uv.lock").exists()
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    reasons = (HOUSE / "docs/dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[\[;<>=! ]", each)[0] for each in wanted]
    assert [name for name in names if f"`{name}`" not in reasons] == []
