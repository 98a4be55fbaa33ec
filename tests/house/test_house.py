"""The house keeps its own laws: what the folders may import, what no file may hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
OURS = ("schemas", "mobile_forms", "analytics", "api")
FORBIDDEN_NAMES = re.compile(r"^(utils?|helpers?|managers?|services?|crud|common|misc)$")
BUILT = {"node_modules", "dist", "__pycache__"}


def sources() -> list[Path]:
    """Every Python file of ours."""
    return [
        file
        for folder in (*OURS, "tests")
        for file in (HOUSE / folder).rglob("*.py")
        if not BUILT & set(file.parts) and "versions" not in file.parts
    ]


def tracked() -> list[Path]:
    """Every file that git tracks."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=HOUSE, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [HOUSE / name for name in names if (HOUSE / name).is_file()]


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(HOUSE)))
def test_no_file_is_named_for_nothing_in_particular(file: Path) -> None:
    assert not FORBIDDEN_NAMES.match(file.stem)


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(HOUSE)))
def test_no_file_outgrows_four_hundred_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "file",
    [file for file in sources() if file.parts[len(HOUSE.parts)] in OURS],
    ids=lambda file: str(file.relative_to(HOUSE)),
)
def test_every_public_function_and_class_has_a_docstring(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bare = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


def test_no_lock_names_a_registry() -> None:
    assert "://" not in (HOUSE / "requirements.lock").read_text(encoding="utf-8")
    assert '"resolved": "http' not in (HOUSE / "package-lock.json").read_text(encoding="utf-8")
    assert not (HOUSE / "uv.lock").exists()


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    told = (HOUSE / "docs/dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[\[;<>=! ]", each)[0] for each in wanted]
    assert [name for name in names if f"`{name}`" not in told] == []
