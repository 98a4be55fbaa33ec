"""OpenRosa downloads: the form list, forms, manifests, pictures and lists."""

from dataclasses import dataclass
from hashlib import md5
from typing import Any
from urllib.parse import quote

from api.auth.principal import Principal
from api.checklists.form_files import files_asked, lists_of, mission_list
from api.database.sessions import Pool, mission_connection
from api.intake.reference_cache import KnownRules, Registers
from api.problems import NOT_FOUND, Problem
from mobile_forms.openrosa import FormEntry, MediaFile, form_list, manifest

FORM_FILES_OF = """
FROM form_file f JOIN rules r ON r.mission_id = f.mission_id AND r.version_id = f.version_id
WHERE f.mission_id = %(mission)s AND r.id = %(rules)s AND f.name = ANY(%(names)s) ORDER BY f.name"""
HASHES = f"SELECT f.name, f.md5 {FORM_FILES_OF}"
CONTENT = f"SELECT f.type, f.content {FORM_FILES_OF}"
XML = "text/xml; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Forms:
    """The forms of one mission as one phone is given them; ``base`` is their address."""

    registers: Registers
    pool: Pool
    who: Principal
    base: str

    async def listed(self) -> bytes:
        """The newest version of each checklist that is offered."""
        register = await self.registers.of(self.who.mission_id)
        newest = [next(reversed(versions.values())) for versions in register.checklists.values()]
        return form_list([self._entry(one) for one in newest if not one.retired])

    async def answer(
        self, name: str, version: str, rest: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        """A form, its manifest, or one of its lists. Problem 404."""
        register = await self.registers.of(self.who.mission_id)
        form = register.checklists.get(name, {}).get(version)
        if form is None:
            raise Problem(NOT_FOUND)
        if rest is None:
            return 200, {"Content-Type": XML}, form.xform.encode()
        if rest == "/manifest":
            return 200, {"Content-Type": XML}, await self._manifest(form)
        kind, content = await self._file(form, rest.rpartition("/")[2])
        return 200, {"Content-Type": kind}, content

    def _entry(self, form: KnownRules) -> FormEntry:
        return FormEntry(
            form_id=form.definition.name,
            version=form.version,
            title=_title(form.definition.title),
            md5=_md5(form.xform.encode()),
            download_url=self._address(form),
            manifest_url=f"{self._address(form)}/manifest" if _needs_files(form) else None,
        )

    def _address(self, form: KnownRules) -> str:
        return f"{self.base}/{quote(form.definition.name)}/{quote(form.version)}"

    async def _manifest(self, form: KnownRules) -> bytes:
        place = f"{self._address(form)}/media"
        lists = [(name, _md5(await self._list(form, name))) for name in lists_of(form.xform)]
        own = await self._asked(HASHES, form, [*files_asked(form.xform)])
        return manifest(
            [MediaFile(name, digest, f"{place}/{name}") for name, digest in [*lists, *own]]
        )

    async def _file(self, form: KnownRules, name: str) -> tuple[str, bytes]:
        """A list of the mission, or a file of the form's own, with its type. Problem 404."""
        if name in lists_of(form.xform):
            return CSV, await self._list(form, name)
        found = await self._asked(CONTENT, form, [name]) if name in files_asked(form.xform) else []
        if not found:
            raise Problem(NOT_FOUND)
        kind, content = found[0]
        return kind, bytes(content)

    async def _list(self, form: KnownRules, name: str) -> bytes:
        who = self.who
        async with mission_connection(self.pool, who.mission_id) as connection:
            return await mission_list(connection, who.mission_id, who.role, who.holder_id, name)

    async def _asked(self, query: str, form: KnownRules, names: list[str]) -> list[tuple[Any, ...]]:
        """What is said of the form's own files of these names."""
        values = {"mission": self.who.mission_id, "rules": form.id, "names": names}
        async with mission_connection(self.pool, self.who.mission_id) as connection:
            return await (await connection.execute(query, values)).fetchall()


def _needs_files(form: KnownRules) -> bool:
    return bool(lists_of(form.xform) or files_asked(form.xform))


def _title(texts: dict[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")


def _md5(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()
