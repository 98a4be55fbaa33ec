"""What is voted on in the demonstration, as its other languages call it."""

from api.demonstration.country import ASSEMBLY, PRESIDENT


def _in_four(fr: str, ar: str, es: str, pt: str) -> dict[str, str]:
    return {"fr": fr, "ar": ar, "es": es, "pt": pt}


COUNTRY = _in_four("Sarélie", "ساريليا", "Sarelia", "Sarélia")
TITLE = _in_four(
    "Sarélie, élections présidentielle et régionales",
    "ساريليا، الانتخابات الرئاسية والإقليمية",
    "Sarelia, elecciones presidenciales y regionales",
    "Sarélia, eleições presidenciais e regionais",
)
CIVIC = _in_four(
    "Le Comptage citoyen de Sarélie",
    "منظمة العد المدني في ساريليا",
    "Conteo Cívico de Sarelia",
    "Contagem Cívica de Sarélia",
)
ABROAD = _in_four(
    "Mission d'observation Méridien",
    "بعثة مراقبة «ميريديان»",
    "Misión de Observación Meridiano",
    "Missão de Observação Meridiano",
)
ELECTION = _in_four(
    "les élections présidentielle et régionales",
    "الانتخابات الرئاسية والإقليمية",
    "las elecciones presidenciales y regionales",
    "as eleições presidenciais e regionais",
)
CONTEST_NAMES = {
    PRESIDENT: _in_four("Présidence", "الرئاسة", "Presidencia", "Presidência"),
    ASSEMBLY: _in_four(
        "Assemblées régionales",
        "المجالس الإقليمية",
        "Asambleas regionales",
        "Assembleias regionais",
    ),
}
MAJORITY = _in_four("majorité", "الأغلبية", "mayoría", "maioria")
_LANTERN = _in_four("Mouvement Lanterne", "حركة الفانوس", "Movimiento Farol", "Movimento Lanterna")
_HARBOUR = _in_four("Alliance du Port", "تحالف المرفأ", "Alianza del Puerto", "Aliança do Porto")
_ORCHARD = _in_four("Parti du Verger", "حزب البستان", "Partido del Huerto", "Partido do Pomar")
_BRIDGES = _in_four("Ponts libres", "الجسور الحرة", "Puentes Libres", "Pontes Livres")
_VALLEY = _in_four("Vallée verte", "الوادي الأخضر", "Valle Verde", "Vale Verde")
_CANDIDATE = _in_four("Candidature", "المرشح", "Candidatura", "Candidatura")
_ARABIC = {"A": "أ", "B": "ب", "C": "ج", "D": "د"}
_LIST = _in_four("Liste", "القائمة", "Lista", "Lista")


def _standing(kind: dict[str, str], mark: str, party: dict[str, str]) -> dict[str, str]:
    own = {"ar": _ARABIC.get(mark, mark) + "،"}
    return {each: f"{kind[each]} {own.get(each, mark + ',')} {party[each]}" for each in kind}


STANDING = {
    "A": _standing(_CANDIDATE, "A", _LANTERN),
    "B": _standing(_CANDIDATE, "B", _HARBOUR),
    "C": _standing(_CANDIDATE, "C", _ORCHARD),
    "D": _standing(_CANDIDATE, "D", _BRIDGES),
    "L1": _standing(_LIST, "1", _HARBOUR),
    "L2": _standing(_LIST, "2", _LANTERN),
    "L3": _standing(_LIST, "3", _ORCHARD),
    "L4": _standing(_LIST, "4", _VALLEY),
}
"""Who stands, by code."""
