"""The words of Portuguese."""

from analytics.statements.lint.words.pattern import DIGITS, language

_MONTHS = "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
_STATIONS = r"(?:mesas?(?: de voto)?|assembleias? de voto|seç(?:ão|ões) eleitora(?:l|is))"

PORTUGUESE = language(
    {
        **{"dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7},
        **{"oito": 8, "nove": 9, "dez": 10, "onze": 11, "doze": 12},
    },
    exempt=rf"{DIGITS}|\b\d{{1,2}} de (?:{_MONTHS})\b(?: de \d{{4}})?|\b(?:{_MONTHS}) de \d{{4}}\b"
    r"|\b(?:em|desde|de|antes de|e|a) (?:19|20)\d\d\b(?! (?:mesa|observ|equip|relatório|caso|voto))"
    r"|\b(?:artigos?|parágrafos?|secç(?:ão|ões)|seç(?:ão|ões)|anexo) \d+[a-z]?(?:\(\w+\))*"
    r"|\b(?:nível|intervalos?) de confiança de \d+\s?%"
    r"|\b(?:os|estes) dois números\b|\bpor duas pessoas\b|\b(?:em|no prazo de) dois meses\b",
    station=_STATIONS,
    observation="observaç(?:ão|ões)|visitas?",
    vote="votos?(?: válidos?)?|votantes?",
    all_stations=r"^ (?:de )?(?:das )?mesas de voto(?! (?:observadas|visitadas|onde|em que))",
    confidence="(?:nível|intervalos?) de confiança",
    quantity=rf"em casos isolados|em (?:algumas|muitas|quase todas as) {_STATIONS}"
    rf"|na maioria das {_STATIONS}|(?:algumas|muitas) {_STATIONS}",
    never_happened=r"não ocorre(?:u|ram)|não acontece(?:u|ram)|não se verific(?:ou|aram)",
    none=r"não houve|não havia|nenhuma?|nenhuns",
    asked_of=r"dess[ae]s|dest[ae]s|ness[ae]s|onde assim foi",
    ranking=r"(?:mais|menos|maior|menor|pior|melhor)\b[^.]*\b(?:regi(?:ão|ões)|distritos?"
    r"|províncias?)",
    compared=r"mais (?:frequente\w*|alt[oa]s?) (?:do )?que"
    r"|menos (?:frequente\w*|alt[oa]s?) (?:do )?que"
    r"|pelo contrário|em contrapartida|[ao] mais frequente|em comparação com"
    r"|(?:aument|diminu|cresc|baix)\w+ (?:desde|em relação)",
    joined=r"ambos os (?:grupos|tipos)|conjuntamente|confirmad[oa]s? por|juntos",
    judgement=r"calm[oa]s?|pacífic[oa]s?|ordeir[oa]s?|desigua(?:l|is)|caótic[oa]s?"
    r"|bem (?:organizad[oa]|conduzid[oa]|administrad[oa])|exemplar(?:es)?|insuficientes?"
    r"|encorajador[a]?|decepcionantes?|preocupantes?|graves?|fraquezas?",
    falls_short=r"fica(?:m|va)? aquém|contrári[oa]s? a|contrári[oa]s? à|em violação d[ae]"
    r"|viol(?:a|am|ou)",
    against_law=r"(?:contrári[oa]s? à|em violação da|viol(?:a|am|ou) a) lei",
    article="artigos?",
    banned=r"livres e (?:justas|limpas)|fraudes?|fraudulent[oa]s?|manipulad[oa]s?|roubad[oa]s?"
    r"|irregularidades|anomalias?|(?:missão|nós|observadores)\b[^.]{0,30}\b(?:certific\w+|valid\w+"
    r"|aprov\w+|endoss\w+)|demonstram?|provam?|partes interessadas|representativ[oa]s?|tendências?"
    r"|(?:problemas?|erros?|irregularidades) (?:menores|ligeir[oa]s|técnic[oa]s)",
    of_the_whole=r"credíve(?:l|is)|credibilidade|legítim[oa]s?|legitimidade"
    r"|(?<!urna )(?<!urnas )transparentes?",
    hedges=r"em geral|geralmente|em grande medida|relativamente|vári[oa]s|divers[oa]s|numeros[oa]s"
    r"|aparentemente|parece(?:m|u)?|tende a|infelizmente|significativ\w+|sistemátic\w+|plenamente"
    r"|muito(?! bo[ma])|algun[s](?! mesas)|um certo número",
    before_number=r"cerca de|uns|umas|aproximadamente|quase|só|somente|apenas|até",
    whole=r"a eleição (?:no seu conjunto|foi)|as eleições (?:no seu conjunto|foram)"
    r"|o processo (?:eleitoral )?(?:no seu conjunto|foi)|avaliação (?:geral|global)",
    winner=r"vencedor(?:es|a)?|venceu|ganhou|derrotad[oa]|empate técnico",
    seen=r"vi(?:u|ram|st[oa]s?)|observ(?:ou|aram|ad[oa]s?)|constat(?:ou|aram|ad[oa]s?)",
    missing="faltam?|em falta",
)
