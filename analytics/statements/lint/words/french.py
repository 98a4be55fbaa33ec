"""The words of French."""

from analytics.statements.lint.words.pattern import DIGITS, language

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"

FRENCH = language(
    {
        **{"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7},
        **{"huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12},
    },
    exempt=rf"{DIGITS}|\b\d{{1,2}}(?:er)? (?:{_MONTHS})\b(?: \d{{4}})?|\b(?:{_MONTHS}) \d{{4}}\b"
    r"|\b(?:en|depuis|de|avant|après|et|à) (?:19|20)\d\d\b(?! (?:bureau|observ|équip|rapport|cas"
    r"|voix))"
    r"|\b(?:articles?|paragraphes?|sections?|annexe) \d+[a-z]?(?:\(\w+\))*"
    r"|\b(?:niveau|intervalles?) de confiance (?:de|à) \d+\s?%"
    r"|\b(?:ces|les) deux (?:chiffres|tours|types)\b|\bpar deux personnes\b"
    r"|\bdans (?:les|un délai de) deux mois\b",
    station="bureaux? de vote",
    observation="observations?|visites?",
    vote="suffrages?(?: exprimés)?|voix|votants?",
    all_stations=r"^ (?:des |de |d['’])?bureaux de vote(?! (?:observés|visités|où))",
    confidence="(?:niveau|intervalles?) de confiance",
    quantity="dans des cas isolés|dans (?:certains|de nombreux|la majorité des"
    "|la quasi-totalité des) bureaux(?: de vote)?|certains bureaux|de nombreux bureaux",
    never_happened=r"n['’]a pas eu lieu|n['’]ont pas eu lieu|ne s['’]est pas produite?"
    r"|ne se sont pas produite?s",
    none=r"il n['’]y a (?:eu )?(?:aucune?|pas)|il n['’]y avait (?:aucune?|pas)|aucune?",
    asked_of=r"de ces|dans ces|là où (?:c['’]était le cas|cela était le cas)|d['’]entre eux",
    ranking=r"(?:plus|moins|pire|meilleure?)\b[^.]*\b(?:régions?|districts?|provinces?"
    r"|départements?)",
    compared=r"plus (?:souvent|fréquent\w*|élevé\w*)(?: que| qu['’])"
    r"|moins (?:souvent|fréquent\w*|élevé\w*)(?: que| qu['’])|en revanche|par contraste"
    r"|le plus (?:souvent|fréquent\w*)|la plus fréquente|par rapport (?:à|au|aux)"
    r"|(?:augmenté|diminué|progressé|reculé) (?:depuis|par)",
    joined=r"les deux (?:groupes|types)|pris ensemble|confirmée?s? par|conjointement",
    judgement=r"calme|paisible(?:ment)?|ordonnée?|bien (?:organisée?|conduite?|géré?e?|menée?)"
    r"|inégale?s?|chaotique|exemplaire|insuffisante?|encourageante?|décevante?|préoccupante?s?"
    r"|grave(?:ment)?s?|faiblesses?",
    falls_short=r"n['’]est pas conforme|n['’]était pas conforme|ne sont pas conformes"
    r"|contraires? à|contrairement à|en violation de|viole(?:nt)?",
    against_law=r"(?:contraires? à|contrairement à|en violation de) la loi|viole(?:nt)? la loi",
    article="articles?",
    banned=r"libres? et (?:justes?|équitables?|honnêtes?)|fraudes?|frauduleu\w+|truquée?s?|volée?s?"
    r"|irrégularités|soi-disant|anomalies?|(?:mineure?s?|légère?s?) (?:problèmes?|irrégularités?)"
    r"|(?:mission|nous|observateurs)\b[^.]{0,30}\b(?:certifi\w+|valid\w+|approuv\w+)"
    r"|prouvent?|démontrent?|parties prenantes|représentatifs?|tendances?",
    of_the_whole=r"crédibles?|crédibilité|légitimes?|légitimité"
    r"|(?<!urne )(?<!urnes )transparente?s?"
    r"|apaisée?s?",
    hedges=r"globalement|dans l['’]ensemble|généralement|en général|largement|relativement|plutôt"
    r"|plusieurs|certaines?(?! mesure)|certains(?! bureaux)|apparemment|semble(?:nt)?"
    r"|malheureusement|nombreu(?:x|ses) (?!bureaux)\w+|diverse?s?|significati\w+|systématique\w*"
    r"|pleinement|très(?! bon)|un certain nombre",
    before_number=r"quelque|environ|près de|seulement|à peine|jusqu['’]à|pas moins de",
    whole=r"l['’]élection (?:dans son ensemble|a été|était)|les élections ont été"
    r"|le processus (?:électoral )?(?:dans son ensemble|a été|était)|évaluation d['’]ensemble",
    winner=r"vainqueurs?|gagnants?|a (?:gagné|remporté)|battue?|trop serré",
    seen=r"vue?s?|constatée?s?|observée?s?|relevée?s?",
    missing="manquante?s?|manquent?",
)
