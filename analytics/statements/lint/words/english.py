"""The words of English."""

from analytics.statements.lint.words.pattern import DIGITS, language

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_STATIONS = r"(?:polling )?stations?"

ENGLISH = language(
    {
        **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7},
        **{"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12},
    },
    exempt=rf"{DIGITS}|\b\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})\b(?: \d{{4}})?"
    rf"|\b(?:{_MONTHS}) (?:\d{{1,2}}, )?\d{{4}}\b"
    r"|\b(?:in|since|of|from|until|by|before|after|and|to) (?:19|20)\d\d\b"
    r"(?! (?:polling|station|observer|team|report|case|count|centre|vote|ballot|candidate))"
    r"|\b(?:Articles?|paragraphs?|sections?|annex) \d+[a-z]?(?:\(\w+\))*"
    r"|\b\d+ ?% (?:confidence|interval)|\bthe two (?:figures|kinds|rounds|leading candidates)\b"
    r"|\bone or two ballots\b|\bof two persons\b|\bby two persons\b|\b(?:within|in) two months\b",
    station=_STATIONS,
    observation="observations?|visits?",
    vote="(?:valid )?votes?(?: cast)?|voters?",
    all_stations=r"^ (?:of )?(?:the )?polling stations(?! (?:observed|visited|where))",
    confidence=r"confidence(?! in)",
    quantity=rf"in isolated cases|at (?:some|many|the majority of|almost all) {_STATIONS}"
    rf"|widespread|(?:some|many|most) {_STATIONS}",
    never_happened=r"did(?: not|n['’]t) (?:occur|happen)|never (?:occurred|happened)",
    none=r"there (?:was|were) no(?:ne| \w+)?|none|did(?: not|n['’]t) take place|no \w+ took place",
    asked_of=r"of (?:these|those)|where (?:it was so|one was made|asked)|these",
    ranking=r"(?:highest|lowest|worst|best|more|most|fewer|fewest|less|least)\b[^.]*"
    r"\b(?:regions?|districts?|areas?|provinces?)"
    r"|(?:region|district|area|province)s?\b[^.]*\b(?:highest|lowest|worst|best|ranks?|ranked)",
    compared=r"(?:higher|lower|oftener|rarer|more (?:often|frequent|frequently|common)"
    r"|less (?:often|frequent|frequently|common)|better|worse|more|fewer|less) than"
    r" (?:in|at|among|for|the|domestic|international|any|during|before)"
    r"|(?:rose|fell|increased?|decreased?|improved|worsened|risen|fallen)"
    r" (?:since|from|compared|against)|in contrast|by contrast|most (?:frequent|frequently|often)"
    r"|least (?:frequent|often)|compared (?:with|to)",
    joined=r"both (?:kinds|groups|citizen|international|domestic)|taken together|counted together"
    r"|confirmed by|jointly",
    judgement=r"orderly|calm(?:ly)?|peaceful(?:ly)?|smooth(?:ly)?|uneven|blurs?|flawed|chaotic"
    r"|well[- ](?:run|organi[sz]ed|conducted|administered|managed)|weak(?:est|ness|nesses)?"
    r"|commendabl[ey]|exemplary|inadequate|real choice|sufficient basis|disappointing|encouraging"
    r"|professional(?:ly)?|in line with|serious(?:ly)?|grave(?:ly)?|concern(?:s|ing)?",
    falls_short=r"(?:falls?|fell) short of|contrary to|in violation of|violat(?:es|ed)",
    against_law=r"(?:contrary to|in violation of|against|violat(?:es"
    r"|ed)) (?:the )?(?:electoral )?law",
    article=r"articles?",
    banned=r"free and fair|free nor fair|unfree|unfair|fraud(?:ulent)?|rigged|stolen|manipulated"
    r"|irregularities|so-called|the people have spoken|100% sure|trends?"
    r"|(?:minor|technical|slight) (?:problems?|issues?|irregularit\w+|shortcomings?|errors?"
    r"|faults?|violations?)|anomal(?:y|ies)"
    r"|(?:(?:mission|we|observers?)\b[^.]{0,30}\b(?:certif(?:y|ies|ied)|validate[sd]?|endorse[sd]?"
    r"|approve[sd]?))|(?<!party )(?<!candidate )(?<!candidates’ )representative(?! of)(?!s)"
    r"|prove[sn]?|demonstrates?|(?<!the )data|stakeholders?|going forward|robust(?:ly)?",
    of_the_whole=r"credib(?:le|ly|ility)|legitima(?:te|cy)|transparent(?! (?:ballot )?box)"
    r"|peaceful(?:ly)?",
    hedges=r"generally|overall(?! (?:or|and) in| assessment)|largely|broadly|relatively|somewhat"
    r"|rather(?! than)|fairly|mostly"
    r"|virtually|apparently|seemingly|arguably|it appears|appears? to|tend(?:s|ed)? to|may have"
    r"|in general|for the most part|a number of|several|numerous|various|significant(?:ly)?"
    r"|systematic(?:ally)?|fully|very(?! good)|unfortunately|regrettably",
    before_number=r"about|around|approximately|nearly|only|just|merely|as many as|up to",
    whole=r"overall assessment|the elections? (?:as a whole|was|were)"
    r"|the (?:electoral |election )?process (?:as a whole|was)|the whole (?:election|process)",
    winner=r"winners?|won|has been elected|defeated|too close to call|statistically tied"
    r"|accurate to|95% sure",
    seen="seen|saw|observed|noted|witnessed",
    missing="missing",
)
