"""What Collect takes: the list of forms, each form, and the lists that a form chooses from."""

from dataclasses import dataclass
from hashlib import md5
from urllib.parse import quote

from api.database.sessions import Pool
from api.form_lists import lists_of, mission_list
from api.identity import ENTER, Principal
from api.intake.register import KnownRules, Registers
from api.problems import NOT_FOUND, Problem
from mobile_forms.openrosa import FormEntry, MediaFile, form_list, manifest

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
        content = await self._list(form, rest.rpartition("/")[2])
        return 200, {"Content-Type": CSV}, content

    def _entry(self, form: KnownRules) -> FormEntry:
        return FormEntry(
            form_id=form.definition.name,
            version=form.version,
            title=_title(form.definition.title),
            md5=_md5(form.xform.encode()),
            download_url=self._address(form),
            manifest_url=f"{self._address(form)}/manifest" if lists_of(form.xform) else None,
        )

    def _address(self, form: KnownRules) -> str:
        return f"{self.base}/{quote(form.definition.name)}/{quote(form.version)}"

    async def _manifest(self, form: KnownRules) -> bytes:
        return manifest([
            MediaFile(name, _md5(content), f"{self._address(form)}/media/{name}")
            for name in lists_of(form.xform)
            for content in [await self._list(form, name)]
        ])  # fmt: skip

    async def _list(self, form: KnownRules, name: str) -> bytes:
        if name not in lists_of(form.xform):
            raise Problem(NOT_FOUND)
        who = self.who
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(ENTER, (str(who.mission_id),))
            return await mission_list(connection, who.mission_id, who.role, who.holder_id, name)


def _title(texts: dict[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")


def _md5(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()
