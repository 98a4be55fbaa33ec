"""What was said worst (§11), and what it became; what an analyst merges or words: findings in,
sentences out."""

import re
from dataclasses import replace

import pytest

from analytics.numbers import Domain
from analytics.statements.blocks import Heading, plain
from analytics.statements.choices import Choice
from schemas.mission import Kind
from tests.analytics.statements.five import FIVE, WORDED, composed, found, in_five, section
from tests.analytics.statements.found import count, share

SEAL = found("SEAL", share(30, 600), standards=("obl:6",))
CAMP = found("CAMP", share(96, 600))


def voting(language: str, *choices: Choice, findings: tuple[object, ...] = (SEAL, CAMP)) -> str:
    made = composed(list(findings), choices)  # type: ignore[arg-type]
    return " ".join(section(made, "voting", language)[1:])


def test_1_the_limit_of_what_was_not_seen_is_said_once_and_no_contrary_holds() -> None:
    zeros = [
        found(name, share(n, n, low=0.998, high=1), severity=3, polarity="positive", stage=stage)
        for stage, n in (("voting", 611), ("counting", 593))
        for name in ("SEAL", "INTIM")
    ]
    made = composed(zeros)
    text = " ".join(" ".join(section(made, each, "en")) for each in ("voting", "counting"))
    assert text.count("confidence") == 1
    assert "contrary" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    in_five((
        "Voters were intimidated at 8% ±1 of polling stations during voting and at 7% ±1 during "
        "the count.",
        "Des électeurs ont été intimidés dans 8 % ±1 des bureaux de vote pendant le vote et dans "
        "7 % ±1 pendant le dépouillement.",
        "تعرض ناخبون للترهيب في 8% ±1 من مراكز الاقتراع خلال التصويت وفي 7% ±1 خلال الفرز.",
        "Se intimidó a votantes en el 8 % ±1 de las mesas de votación durante la votación y en el "
        "7 % ±1 durante el escrutinio.",
        "Houve intimidação de eleitores em 8% ±1 das mesas de voto durante a votação e em 7% ±1 "
        "durante a contagem.",
    )).items(),
)  # fmt: skip
def test_2_one_irregularity_in_two_stages_is_one_sentence(language: str, said: str) -> None:
    made = composed([
        found("INTIM", share(48, 600), severity=3),
        found("INTIM", share(42, 600), severity=3, stage="counting"),
    ])  # fmt: skip
    assert said in " ".join(section(made, "conclusions", language))


@pytest.mark.parametrize("language", FIVE)
def test_3_what_was_asked_of_some_is_counted_and_leads_no_list(language: str) -> None:
    asked = Domain(dict.fromkeys(FIVE, "where a complaint was made"), 106)
    some = found("CAMP", share(11, 106, domain=asked, not_asked=594), severity=2)
    some = replace(some, ranked_share=0.016)
    made = composed([some, found("CROWD", share(60, 600))])
    text = " ".join(section(made, "voting", language))
    assert "where a complaint was made" in text
    assert "where a complaint" not in " ".join(section(made, "conclusions", language))


@pytest.mark.parametrize("language", FIVE)
def test_4_where_nearly_all_were_asked_is_said_by_the_stage_and_the_method_once(
    language: str,
) -> None:
    let_in = Domain(dict.fromkeys(FIVE, "where observers were let in"), 600)
    made = composed([
        found(name, share(60 + 40 * at, 600, domain=let_in, not_asked=8))
        for at, name in enumerate(WORDED)
    ])  # fmt: skip
    told = {each: " ".join(section(made, each, language)) for each in ("voting", "conclusions")}
    assert told["voting"].count("let in") == 1
    assert "let in" not in told["conclusions"]
    assert " ".join(section(made, "method", language)).count("let in") == 1


def test_5_good_news_is_one_range_in_one_sentence() -> None:
    fine = [
        found(name, share(580 + at, 600), polarity="positive") for at, name in enumerate(WORDED)
    ]
    text = " ".join(section(composed(fine), "voting", "en"))
    assert text.count("%") == 1
    assert "at 97% of polling stations" in text


def test_7_no_rule_writes_the_headline() -> None:
    first = composed([CAMP]).blocks[0]
    assert isinstance(first, Heading)
    assert plain(first.text) == ""


@pytest.mark.parametrize(
    ("language", "said"),
    in_five((
        "During voting, citizen observers were refused or restricted at 3% ±1 of polling "
        "stations. International observers were refused or restricted at 13 of the 506 polling "
        "stations where this was observed.",
        "Pendant le vote, les observateurs citoyens ont été refoulés ou entravés dans 3 % ±1 des "
        "bureaux de vote. Les observateurs internationaux ont été refoulés ou entravés dans 13 "
        "des 506 bureaux de vote où cela a pu être observé.",
        "خلال التصويت، مُنع المراقبون المواطنون من الدخول أو قُيّد عملهم في 3% ±1 من مراكز "
        "الاقتراع. مُنع المراقبون الدوليون من الدخول أو قُيّد عملهم في 13 من مراكز الاقتراع الـ506 "
        "التي أمكن فيها رصد ذلك.",
        "Durante la votación, se negó la entrada o se restringió el trabajo a los observadores "
        "ciudadanos en el 3 % ±1 de las mesas de votación. Se negó la entrada o se restringió el "
        "trabajo a los observadores internacionales en 13 de las 506 mesas de votación donde pudo "
        "observarse.",
        "Durante a votação, os observadores cidadãos foram impedidos de entrar ou limitados no "
        "seu trabalho em 3% ±1 das mesas de voto. Os observadores internacionais foram impedidos "
        "de entrar ou limitados no seu trabalho em 13 das 506 mesas de voto onde tal pôde ser "
        "observado.",
    )).items(),
)  # fmt: skip
def test_8_access_says_whose_it_was(language: str, said: str) -> None:
    refused = found("CROWD", share(20, 640), of_access=True)
    abroad = found("CROWD", count(13, 506), of_access=True, kind=Kind.INTERNATIONAL, part="visits")
    fine = found("CAMP", share(620, 640), of_access=True, polarity="positive")
    both = composed([refused, abroad, fine], [Choice(abroad.code, chosen=True)])
    assert section(both, "access", language) == [said]


def test_11_no_code_of_a_standard_stands_in_the_text() -> None:
    for language in FIVE:
        text = voting(language)
        assert not re.search(r"\b(obl|dop|gc25):", text)


@pytest.mark.parametrize("language", FIVE)
def test_what_an_analyst_merges_is_one_number_of_the_right_range(language: str) -> None:
    merged = Choice(CAMP.code, chosen=True, merged=(SEAL.code,))
    made = composed([SEAL, CAMP], [merged])
    text = " ".join(section(made, "voting", language)[1:])
    nouns = [in_five(WORDED[each][1])[language] for each in ("CAMP", "SEAL")]
    assert all(each.casefold() in text.casefold() for each in nouns), text
    assert [each in text for each in ("5", "16")] == [True, True]
    assert len(re.findall("%", text)) <= 2
    (entry,) = [each for each in made.numbers.values() if "members" in each]
    assert sorted(entry["members"]) == sorted([CAMP.code, SEAL.code])


def test_a_merged_finding_that_no_rule_proposes_is_said_with_the_one_that_leads() -> None:
    rare = found("CROWD", share(12, 600))
    assert "overcrowd" not in voting("en", findings=(CAMP, rare))
    merged = Choice(CAMP.code, chosen=True, merged=(rare.code,))
    text = voting("en", merged, findings=(CAMP, rare))
    assert "Campaigning and overcrowding were each noted at 2 to 16% of polling" in text


def test_counts_that_an_analyst_merges_are_one_range_of_counts() -> None:
    counts = (found("SEAL", count(3, 74)), found("CAMP", count(12, 79)))
    merged = Choice(counts[0].code, chosen=True, merged=(counts[1].code,))
    text = voting("en", merged, findings=counts)
    assert "Broken seals and campaigning were each noted at 3 to 12 of the more than 70" in text


def test_what_one_number_cannot_say_is_said_by_itself_though_it_was_merged() -> None:
    asked = Domain(dict.fromkeys(FIVE, "where a complaint was made"), 200)
    some = found("CROWD", share(50, 200, domain=asked, not_asked=400))
    counted = found("SEAL", count(12, 79))
    merged = Choice(CAMP.code, chosen=True, merged=(some.code, counted.code))
    text = voting("en", merged, findings=(CAMP, some, counted))
    assert "Campaigning took place at 16%" in text
    assert "at 25% ±1 of the polling stations where a complaint was made" in text
    assert "12 of the 79" in text


def test_an_analyst_s_words_stand_in_the_merge_that_they_lead() -> None:
    merged = Choice(
        CAMP.code, chosen=True, merged=(SEAL.code,), words={"en": "parties canvassed inside"}
    )
    assert "parties canvassed inside" in voting("en", merged)
    assert "de la propagande électorale" in voting("fr", merged)


def test_what_a_person_chose_is_in_the_text_whatever_the_room() -> None:
    names = [replace(CAMP, code=f"voting/{n}", indicator=f"V{n}", number=share(60 + 30 * n, 600),
                     standards=(f"obl:{n}",)) for n in range(1, 14)]  # fmt: skip
    last = names[0]
    assert "at 15%" not in voting("en", findings=tuple(names))
    assert "15%" in voting("en", Choice(last.code, chosen=True), findings=tuple(names))
