"""The mission's own recommendations in a statement of the final kind: each a paragraph in the words
given, with the year in which a mission before it recommended the same (L10)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from analytics.statements.blocks import ExemptText, PlainText, Sentence
from analytics.statements.speech import Speech
from api.auth.principal import Principal
from schemas.memory import Recommendation

SECTION = "recommendations"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class Recommended:
    """A recommendation with its number, addressee and words by language; ``before`` is the mission
    that recommended it before, where one did."""

    number: str
    addressee: str
    words: Mapping[str, str]
    before: str | None

    def says(self, language: str) -> Sentence:
        """Its paragraph in a language; nothing where it has no words in it."""
        if not (words := self.words.get(language)):
            return ()
        year = _YEAR.search(self.before or "")
        again = "" if self.before is None else ".year" if year else ".before"
        return Speech(language).say(
            f"recommendation{again}",
            addressee=ExemptText(text=self.addressee, why="name"),
            text=(PlainText(text=words.rstrip(".؟!")),),
            year=ExemptText(text=year.group() if year else "", why="date"),
        )


async def own_recommendations(session: AsyncSession, who: Principal) -> Sequence[Recommended]:
    """What the mission recommends itself, by number."""
    query = select(Recommendation).where(Recommendation.mission_id == who.mission_id)
    rows = list((await session.execute(query.order_by(col(Recommendation.number)))).scalars())
    missions = {each.number: each.of_mission for each in rows}
    return [
        Recommended(
            number=each.number,
            addressee=each.addressee,
            words=dict(each.texts) or {"en": each.words},
            before=missions.get(each.earlier) or None,
        )
        for each in sorted(rows, key=lambda each: (len(each.number), each.number))
        if not each.of_mission
    ]
