"""The words of Spanish."""

from analytics.statements.lint.words.pattern import DIGITS, language

_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_STATIONS = r"(?:mesas?(?: de votación)?|casillas?|juntas receptoras de votos)"

SPANISH = language(
    {
        **{"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7},
        **{"ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12},
    },
    exempt=rf"{DIGITS}|\b\d{{1,2}} de (?:{_MONTHS})\b(?: de \d{{4}})?|\b(?:{_MONTHS}) de \d{{4}}\b"
    r"|\b(?:en|desde|de|antes de|y|a) (?:19|20)\d\d\b(?! (?:mesa|observ|equip|informe|caso|voto))"
    r"|\b(?:artículos?|párrafos?|secci(?:ón|ones)|anexo) \d+[a-z]?(?:\(\w+\))*"
    r"|\b(?:nivel|intervalos?) de confianza del? \d+\s?%"
    r"|\b(?:las|estas) dos (?:cifras|vueltas)\b|\bpor dos personas\b"
    r"|\ben (?:un plazo de )?dos meses\b",
    station=_STATIONS,
    observation="observaci(?:ón|ones)|visitas?",
    vote="votos?(?: válidos?)?|votantes?",
    all_stations=r"^ (?:de )?(?:las )?mesas de votación(?! (?:observadas|visitadas|donde"
    r"|en las que))",
    confidence="(?:nivel|intervalos?) de confianza",
    quantity=rf"en casos aislados"
    rf"|en (?:algunas|muchas|la mayoría de las|casi todas las) {_STATIONS}"
    rf"|(?:algunas|muchas) {_STATIONS}",
    never_happened=r"no ocurri(?:ó|eron)|no se produj(?:o|eron)|no sucedi(?:ó|eron)",
    none=r"no hubo|no había|ningun[oa]?|ningún",
    asked_of=r"de es[ao]s|de ést[ao]s|de est[ao]s|en es[ao]s|donde (?:fue|así fue)",
    ranking=r"(?:más|menos|mayor|menor|peor|mejor)\b[^.]*\b(?:regi(?:ón|ones)|distritos?"
    r"|provincias?)",
    compared=r"m[áa]s (?:frecuente\w*|alt[oa]s?|a menudo) que|menos (?:frecuente\w*|alt[oa]s?) que"
    r"|en cambio|por el contrario|l[ao] más frecuente|en comparación con"
    r"|(?:aument|disminuy|creci|baj)\w+ (?:desde|respecto)",
    joined=r"ambos (?:grupos|tipos)|conjuntamente|confirmad[oa]s? por|juntos",
    judgement=r"tranquil[oa]s?|pacífic[oa]s?|ordenad[oa]s?|calma|desigual(?:es)?|caótic[oa]s?"
    r"|bien (?:organizad[oa]|llevad[oa]|administrad[oa])|ejemplar(?:es)?|insuficientes?"
    r"|alentador[a]?|decepcionantes?|preocupantes?|graves?|debilidad(?:es)?",
    falls_short=r"no satisfacen?|contrari[oa]s? a|en violación de|viol(?:a|an|ó)",
    against_law=r"(?:contrari[oa]s? a|en violación de|viol(?:a|an|ó)) la ley",
    article="artículos?",
    banned=r"libres y (?:justas|limpias|equitativas)|fraudes?|fraudulent[oa]s?|amañad[oa]s?"
    r"|robad[oa]s?"
    r"|irregularidades|anomalías?|(?:misión|nosotros|observadores)\b[^.]{0,30}\b(?:certific\w+"
    r"|valid\w+|aprueb\w+|respald\w+)|demuestran?|prueban?|partes interesadas|representativ[oa]s?"
    r"|tendencias?|(?:problemas?|errores?|irregularidades) (?:menores|leves|técnic[oa]s)",
    of_the_whole=r"creíbles?|credibilidad|legítim[oa]s?|legitimidad"
    r"|(?<!urna )(?<!urnas )transparentes?",
    hedges=r"en general|generalmente|en gran medida|relativamente|más bien|vari[oa]s|divers[oa]s"
    r"|numeros[oa]s|aparentemente|al parecer|pareció|parecen|tiende a|lamentablemente"
    r"|significativ\w+|sistemátic\w+|plenamente|muy(?! buen)|cierto número de|algun[oa]s(?! mesas)",
    before_number=r"cerca de|unos|unas|aproximadamente|alrededor de|casi|solo|sólo|apenas|hasta",
    whole=r"la elección (?:en su conjunto|fue)|las elecciones (?:en su conjunto|fueron)"
    r"|el proceso (?:electoral )?(?:en su conjunto|fue)|valoración (?:general|global)",
    winner=r"ganador(?:es|a)?|ganó|ha ganado|derrotad[oa]|empate técnico",
    seen=r"vi(?:o|eron|st[oa]s?)|observ(?:ó|aron|ad[oa]s?)|constat(?:ó|aron|ad[oa]s?)",
    missing="faltan?|faltantes?",
)
