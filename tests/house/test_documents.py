"""Documents name files, links and functions that exist."""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

HOUSE = Path(__file__).parents[2]
OURS = "schemas|mobile_forms|analytics|api|tests|docs"
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
FILE = re.compile(rf"(?:{OURS})/[\w./-]+\.\w+")
DOTTED = re.compile(rf"(?:{OURS})(?:\.\w+)+")


def documents() -> Iterator[Path]:
    """The documents that speak of the code as it is; the changelog speaks of the past too."""
    yield HOUSE / "README.md"
    yield from sorted((HOUSE / "docs").rglob("*.md"))


def _missing_links(document: Path) -> list[str]:
    """Links to files that are not there."""
    found = LINK.findall(document.read_text(encoding="utf-8"))
    here = [each.partition("#")[0] for each in found if "://" not in each]
    return [each for each in here if each and not (document.parent / each).exists()]


def _missing_code(document: Path) -> list[str]:
    """Files and dotted names between backticks that are not there."""
    quoted = QUOTED.findall(document.read_text(encoding="utf-8"))
    words = [word.strip(",;()") for each in quoted for word in each.split()]
    files = [each.partition("::")[0] for each in words if FILE.fullmatch(each.partition("::")[0])]
    names = [each for each in words if DOTTED.fullmatch(each)]
    return [each for each in files if not (HOUSE / each).exists()] + [
        each for each in names if not _is_there(each)
    ]


def _is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    module, inside = name, list[str]()
    while module:
        try:
            found: object = import_module(module)
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            inside.insert(0, last)
            continue
        for each in inside:
            if not hasattr(found, each):
                return False
            found = getattr(found, each)
        return True
    return False


def test_documents_name_files_and_functions_that_exist() -> None:
    missing = {
        str(document.relative_to(HOUSE)): found
        for document in documents()
        if (found := _missing_links(document) + _missing_code(document))
    }
    assert missing == {}


def test_the_readme_walks_at_most_fifteen_files_and_names_every_floor() -> None:
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    walk = readme.partition("## Follow one report")[2].partition("Before it was sent")[0]
    assert 0 < len(LINK.findall(walk)) <= 15
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = [each for one in contracts for each in one.get("layers", [])]
    names = [name for each in layers for name in re.split(r"[ :|]+", each)]
    assert [name for name in names if not re.search(rf"`{name}(\.py)?`", readme)] == []
