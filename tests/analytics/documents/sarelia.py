"""A statement in three languages with every type of block; country and figures are invented."""

from datetime import UTC, datetime

from analytics.documents import Document, Masthead
from analytics.numbers import Estimate, Number, ObservedCount
from analytics.statements import as_data
from analytics.statements.blocks import (
    Annex,
    Block,
    Bound,
    Disclaimer,
    ExemptText,
    Figure,
    FigureRow,
    FindingLine,
    FindingList,
    Heading,
    Paragraph,
    PlainText,
    Sentence,
    Table,
    Verdict,
)
from analytics.wording import FORMATS, say

ISSUED = datetime(2027, 3, 16, 12, 0, tzinfo=UTC)


def share(seen: int, n: int, low: float, high: float) -> Estimate:
    """An estimate from a simple random sample."""
    return Estimate(
        seen / n, 0.01, low / 100, high / 100, 0.95, n, n - 1, 1.0, "beta", seen=seen, drawn=647
    )


NUMBERS: dict[str, Number] = {
    "VO-OVERALL": share(591, 626, 92.4, 96.0),
    "VO-ACCESS": share(236, 618, 34.5, 42.0),
    "VO-GROUP": share(66, 624, 8.3, 13.2),
    "VO-SECRECY": share(61, 622, 7.6, 12.3),
    "VO-VIOL": share(5, 627, 0.3, 1.8),
    "VO-STUFF": share(0, 611, 0.0, 0.6),
    "CO-NOPOST": ObservedCount(21, 126, 126, unit="observation"),
    "CO-NOCOPY": ObservedCount(14, 119, 119, unit="observation"),
    "TR-ACCESS": ObservedCount(12, 58, 58, unit="observation"),
}
SNAPSHOT = {key: dict(as_data(number)) for key, number in NUMBERS.items()}
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "headline": "Voting was calm and well run; results were not always made public",
        "before": "This statement is issued before the process is complete. Tabulation, complaints "
        "and a possible second round remain.",
        "conclusions": "Preliminary conclusions",
        "overall": "Observers assessed voting as good or very good at {VO-OVERALL} of polling "
        "stations. Ballot-box stuffing was not seen at any polling station where it could be "
        "observed; at 95% confidence, it could have been seen at no more than {VO-STUFF}.",
        "secrecy": "The layout of booths did not ensure secrecy at {VO-SECRECY} of polling "
        "stations, and family or group voting was seen at {VO-GROUP}. This bears on the secret "
        "ballot. After {CO-NOPOST} counts observed, results were not posted.",
        "stage": "Voting",
        "access": "A person in a wheelchair could not enter without help at {VO-ACCESS} of polling "
        "stations.",
        "violence": "Violence was seen in isolated cases, {VO-VIOL}.",
        "figure": "Access and secrecy were the most frequent shortcomings",
        "alternative": "Estimates for polling stations: no access without help 38%, family or "
        "group voting 11%, booths without secrecy 10%.",
        "VO-ACCESS": "No access without help",
        "VO-GROUP": "Family or group voting",
        "VO-SECRECY": "Booths without secrecy",
        "counting": "Results were not posted after some of the counts observed",
        "CO-NOPOST": "Results not posted",
        "CO-NOCOPY": "Copy of the protocol refused",
        "counts": "Counts observed: results not posted, copy of the protocol refused.",
        "TR-ACCESS": "No clear view of entry",
        "verdict": "Because the estimated range falls above and below 50%, the quick count cannot "
        "determine whether a second round is required.",
        "method": "Polling stations were drawn by lot in proportion to regions. Brackets and ± are "
        "95% confidence intervals in percentage points.",
        "day": "The poll was held on {date}.",
        "annex": "Annex B. Voting, indicator by indicator",
        "finding": "Finding", "estimate": "Estimate", "x of n": "Seen at", "missing": "Missing",
        "note": "Missing counts sampled stations without an answer.",
        "date": "14 March 2027",
        "place": "Ilmar City",
        "mission": "International Election Observation Mission, Sarelia 2027",
        "organisation": "Assembly of Neighbouring Parliaments",
        "election": "presidential election, first round",
    },
    "fr": {
        "headline": "Un vote calme et bien conduit ; des résultats pas toujours rendus publics",
        "before": "La présente déclaration est publiée avant la fin du processus. Restent la "
        "compilation, les réclamations et un éventuel second tour.",
        "conclusions": "Conclusions préliminaires",
        "overall": "Les observateurs ont jugé le vote bon ou très bon dans {VO-OVERALL} des "
        "bureaux de vote. Aucun bourrage d'urne n'a été constaté là où il pouvait l'être ; au "
        "niveau de confiance de 95 %, il aurait pu l'être dans {VO-STUFF} des bureaux au plus.",
        "secrecy": "La disposition des isoloirs n'assurait pas le secret dans {VO-SECRECY} des "
        "bureaux de vote, et un vote familial ou en groupe a été constaté dans {VO-GROUP}. Cela "
        "touche au secret du vote. Après {CO-NOPOST} dépouillements observés, les résultats n'ont "
        "pas été affichés.",
        "stage": "Vote",
        "access": "Une personne en fauteuil roulant ne pouvait entrer sans aide dans {VO-ACCESS} "
        "des bureaux de vote.",
        "violence": "Des violences ont été constatées dans des cas isolés, {VO-VIOL}.",
        "figure": "L'accès et le secret étaient les défauts les plus fréquents",
        "alternative": "Estimations pour les bureaux de vote : pas d'accès sans aide 38 %, vote "
        "familial ou en groupe 11 %, isoloirs sans secret 10 %.",
        "VO-ACCESS": "Pas d'accès sans aide",
        "VO-GROUP": "Vote familial ou en groupe",
        "VO-SECRECY": "Isoloirs sans secret",
        "counting": "Les résultats n'ont pas été affichés après certains dépouillements observés",
        "CO-NOPOST": "Résultats non affichés",
        "CO-NOCOPY": "Copie du procès-verbal refusée",
        "counts": "Dépouillements observés : résultats non affichés, copie refusée.",
        "TR-ACCESS": "Saisie non visible",
        "verdict": "La fourchette estimée s'étendant de part et d'autre de 50 %, le décompte "
        "rapide ne permet pas de dire si un second tour est nécessaire.",
        "method": "Les bureaux de vote ont été tirés au sort en proportion des régions. ± et "
        "parenthèses donnent l'intervalle de confiance à 95 %, en points.",
        "day": "Le scrutin a eu lieu le {date}.",
        "annex": "Annexe B. Le vote, indicateur par indicateur",
        "finding": "Constat", "estimate": "Estimation", "x of n": "Constaté dans",
        "missing": "Manquants",
        "note": "Les manquants sont les bureaux tirés au sort sans réponse.",
        "date": "14 mars 2027",
        "place": "Ilmar-Ville",
        "mission": "Mission internationale d'observation électorale, Sarélie 2027",
        "organisation": "Assemblée des parlements voisins",
        "election": "élection présidentielle, premier tour",
    },
    "ar": {
        "headline": "اقتراع هادئ وحسن التنظيم؛ والنتائج لم تُعلن دائمًا",
        "before": "يصدر هذا البيان قبل اكتمال العملية. ولا يزال تجميع النتائج والطعون وجولة ثانية "
        "محتملة.",
        "conclusions": "الاستنتاجات الأولية",
        "overall": "قيّم المراقبون التصويت بأنه جيد أو جيد جدًا في {VO-OVERALL} من مراكز الاقتراع. "
        "ولم يُشاهَد حشو لصناديق الاقتراع حيث أمكن رصده؛ وبمستوى ثقة \u206695%\u2069 لا تتجاوز "
        "نسبة المراكز التي كان يمكن أن يُشاهَد فيها {VO-STUFF}.",
        "secrecy": "لم يضمن ترتيب المعازل السرية في {VO-SECRECY} من مراكز الاقتراع، وشوهد تصويت "
        "عائلي أو جماعي في {VO-GROUP}. ويتصل ذلك بسرية الاقتراع. ولم تُعلَّق النتائج في "
        "{CO-NOPOST} من عمليات الفرز التي رُصدت.",
        "stage": "التصويت",
        "access": "لم يكن بوسع شخص على كرسي متحرك الدخول دون مساعدة في {VO-ACCESS} من مراكز "
        "الاقتراع.",
        "violence": "شوهد عنف في حالات متفرقة، {VO-VIOL}.",
        "figure": "أكثر أوجه القصور تكرارًا إمكانيةُ الوصول والسرية",
        "alternative": "تقديرات لمراكز الاقتراع: تعذّر الدخول دون مساعدة \u206638%\u2069، تصويت "
        "عائلي أو جماعي \u206611%\u2069، معازل لا تضمن السرية \u206610%\u2069.",
        "VO-ACCESS": "تعذّر الدخول دون مساعدة",
        "VO-GROUP": "تصويت عائلي أو جماعي",
        "VO-SECRECY": "معازل لا تضمن السرية",
        "counting": "لم تُعلَّق النتائج بعد بعض عمليات الفرز التي رُصدت",
        "CO-NOPOST": "نتائج غير معلقة",
        "CO-NOCOPY": "رفض تسليم نسخة من المحضر",
        "counts": "عمليات الفرز التي رُصدت: نتائج غير معلقة، رفض تسليم نسخة.",
        "TR-ACCESS": "إدخال غير مرئي",
        "verdict": "لأن المجال المقدّر يقع فوق \u206650%\u2069 وتحتها، لا يتيح العدّ السريع تحديد "
        "ما إذا كانت جولة ثانية لازمة.",
        "method": "سُحبت مراكز الاقتراع بالقرعة بنسبة المناطق. وتشير ± والأقواس إلى مجالات الثقة "
        "بمستوى \u206695%\u2069.",
        "day": "جرى الاقتراع في {date}.",
        "annex": "الملحق ب. التصويت، مؤشرًا مؤشرًا",
        "finding": "الاستنتاج", "estimate": "التقدير", "x of n": "شوهد في", "missing": "الناقص",
        "note": "الناقص هو عدد المراكز المسحوبة التي لم ترد منها إجابة.",
        "date": "14 مارس 2027",
        "place": "مدينة إلمار",
        "mission": "البعثة الدولية لمراقبة الانتخابات، ساريليا 2027",
        "organisation": "جمعية البرلمانات المجاورة",
        "election": "الانتخابات الرئاسية، الجولة الأولى",
    },
}  # fmt: skip


def bound(code: str, language: str) -> Bound:
    """A number as it is said in a language."""
    number = NUMBERS[code]
    said = say(number, style=FORMATS[language])
    measure = "estimate" if isinstance(number, Estimate) else "count"
    mark = f"F{1 + list(NUMBERS).index(code)}"
    return Bound(
        number_id=code, mark=mark, text=said.text, value=said.value, measure=measure, query={}
    )


def sentence(key: str, language: str) -> Sentence:
    """A text with its ``{gaps}`` filled with bound numbers and dates."""
    pieces: list[PlainText | ExemptText | Bound] = []
    for at, each in enumerate(TEXTS[language][key].replace("}", "{").split("{")):
        if at % 2 == 0:
            pieces += [PlainText(text=each)] if each else []
        elif each in NUMBERS:
            pieces.append(bound(each, language))
        else:
            pieces.append(ExemptText(text=TEXTS[language][each], why="date"))
    return tuple(pieces)


def blocks(language: str) -> tuple[Block, ...]:
    """Every type of block once."""

    def said(key: str) -> Sentence:
        return sentence(key, language)

    words = TEXTS[language]
    rows = tuple(
        (
            (PlainText(text=words[code]),),
            (bound(code, language),),
            (PlainText(text=f"{number.seen} {FORMATS[language].of} {number.n}"),),
            (PlainText(text=str(647 - number.n)),),
        )
        for code, number in NUMBERS.items()
        if isinstance(number, Estimate) and code in words
    )
    columns = tuple(words[each] for each in ("finding", "estimate", "x of n", "missing"))
    observers = "international"
    return (
        Heading(id="headline", level=1, text=said("headline"), origin="person"),
        Disclaimer(id="before", about="before_completion", text=said("before"), origin="fixed"),
        Heading(id="conclusions", level=2, text=said("conclusions")),
        Paragraph(id="conclusion-1", role="lead", text=said("overall")),
        Paragraph(id="conclusion-2", text=said("secrecy")),
        Heading(id="voting", level=2, text=said("stage")),
        Paragraph(id="voting-1", text=said("day")),
        FindingList(
            id="voting-2",
            stage="voting",
            observers=observers,
            items=tuple(
                FindingLine(
                    finding=code,
                    polarity="negative",
                    severity=2,
                    text=said(key),
                    standards=("obl:7",),
                )
                for key, code in (("access", "VO-ACCESS"), ("violence", "VO-VIOL"))
            ),
        ),
        Figure(
            id="voting-figure",
            picture="intervals",
            title=words["figure"],
            alternative=words["alternative"],
            rows=tuple(
                FigureRow(label=words[code], number_id=code)
                for code in ("VO-ACCESS", "VO-GROUP", "VO-SECRECY")
            ),
        ),
        Figure(
            id="counting-figure",
            picture="squares",
            title=words["counting"],
            alternative=words["counts"],
            rows=tuple(
                FigureRow(label=words[code], number_id=code) for code in ("CO-NOPOST", "CO-NOCOPY")
            ),
        ),
        Verdict(
            id="quick-count",
            contest="president",
            contestant="A",
            verdict="cannot_determine",
            against="threshold",
            text=said("verdict"),
        ),
        Paragraph(id="method", role="method", text=said("method")),
        Annex(
            id="annex-b",
            title=words["annex"],
            blocks=(
                Heading(id="annex-b-1", level=3, text=said("stage")),
                Table(
                    id="annex-b-2",
                    title=words["figure"],
                    columns=columns,
                    rows=rows,
                    note=words["note"],
                ),
            ),
        ),
    )


def statement(language: str, *, published: bool = True, link_base: str = "") -> Document:
    """The statement in ``en``, ``fr`` or ``ar``."""
    words = TEXTS[language]
    return Document(
        masthead=Masthead(
            mission=words["mission"],
            organisation=words["organisation"],
            election=words["election"],
            kind="preliminary",
            place=words["place"],
            zone="Africa/Cairo",
            issued_at=ISSUED,
            embargo_until=None if published else ISSUED,
            frozen_at=datetime(2027, 3, 16, 6, 0, tzinfo=UTC),
            sha256="7c1e94b02fd8a613" * 4,
            languages=("en", "fr", "ar"),
            address="https://observers.example/statements/sarelia-2027/1",
            published=published,
        ),
        language=language,
        blocks=blocks(language),
        numbers=SNAPSHOT,
        link_base=link_base,
    )
