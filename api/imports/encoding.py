"""Finding the encoding of a text file, and words that show that it was not found.

Almost any bytes can be read as each of the eight-bit encodings. The right one reads like words:
no symbols or second scripts inside them, and all its letters in the alphabet of one language.
(charset-normalizer was tried on twenty short registers: it read Polish as cp1252.)
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import IO

from api.imports.options import TableProblem

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CHUNK_BYTES = 1024 * 1024
ALPHABETS = {
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1251": (
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
        "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    ),
    "cp1252": (
        "àâæçéèêëîïôœùûü",
        "áéíñóúü",
        "áâãàçéêíóõôúü",
        "äöüß",
        "àèéìíòóù",
        "åäöæøéóòôü",
        "áéíóúýþæöð",
        "äëïöüéèóá",
    ),
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "cp1254": ("çğıiöşüâîû",),
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    "cp1256": (
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىي،؛؟ًٌٍَُِّْ",
        "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهيی،؛؟",
    ),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "iso8859-2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "koi8-r": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",),
    "cp866": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",),
}
"""Eight bits a letter, and the letters beyond ASCII of the languages written in each."""
_SCRIPTS = {
    "Latin": "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ",
    "Cyrillic": "Ѐ-ӿ",
    "Greek": "Ͱ-Ͽἀ-῿",
    "Arabic": "ؠ-يٱ-ۓ",
    "Hebrew": "א-ת",
    "Georgian": "Ⴀ-ჿ",
    "Armenian": "Ա-և",
}
_MIXED = re.compile(
    "|".join(
        f"[{own}](?=[{''.join(each for name, each in _SCRIPTS.items() if name != script)}])"
        for script, own in _SCRIPTS.items()
    )
)
_WORD = re.compile(r"[^\s,;|\t\"'()/.\-–:]*[^\x00-\x7f\s][^\s,;|\t\"'()/.\-–:]*")
_CASE = re.compile(r"[^\W\d_]+")
_SYMBOL = re.compile(
    r"\w[^\w\s\x00-\x7f’ʼ‘–ـ،؛؟\u064b-\u0652\u200c\u200d№°ºª½]"
    r"|[^\w\s\x00-\x7f’ʼ‘–«„“”»،؛؟¿¡№§€°\u200e\u200f]\w|[\x80-\x9f]"
)
_JOINED = re.compile(
    "|".join(
        f"[A-Z]{{2,}}[{own}]+|[A-Z][{own}](?![{own}]{{3}})[{own}]*|[{own}]+[A-Z]+"
        for script, own in _SCRIPTS.items()
        if script != "Latin"
    )
)
_NEVER = frozenset("ƒˆ˜¤¦¨¯´¸×÷")
_UNSPOKEN = re.compile(r"[б-джзй-нп-тф-ьѐ-џ]{3,}|[βγδζθκλμνξπρσςτφχψ]{3,}|ς\w.*", re.IGNORECASE)
"""Cyrillic or Greek that nobody can speak: no vowel, or a final sigma that is not final."""
RARE = frozenset({"iso8859-2", "koi8-r", "cp866"})
"""Encodings of other systems' files: only where no usual one reads as well."""
SAMPLES = 5


def mixed_words(text: str) -> Iterator[str]:
    """The words of a text that hold letters of two scripts, as no writer means it.

    A Roman number or a Latin capital that a missing space has joined to a word is meant.
    """
    if text.isascii() or not _MIXED.search(text):
        return
    for word in _CASE.findall(text):
        if _MIXED.search(word) and not _JOINED.fullmatch(word):
            yield word


def sample_words(text: str) -> list[str]:
    """A few words beyond ASCII: what shows a reader whether an encoding is the right one."""
    found = dict.fromkeys(each for each in _WORD.findall(text) if any(map(str.isalpha, each)))
    return list(found)[:SAMPLES]


def encoding_of(opened: Callable[[], IO[bytes]], begins: bytes, said: str = "") -> str:
    """The encoding that reads the whole file, and reads like words; ``said`` wins.

    Raises :class:`TableProblem` where none does, what is read is no text, or two read it equally
    well and differently.
    """
    if said:
        return _as_said(opened, said)
    if begins.startswith(UTF16_MARKS):
        texts = {"utf-16": _beginning(opened, "utf-16")}
    else:
        texts = {"utf-8-sig": _beginning(opened, "utf-8-sig")}
        if texts["utf-8-sig"] is None:
            texts = {name: _beginning(opened, name) for name in ALPHABETS}
    readable = {name: text for name, text in texts.items() if text is not None}
    if not readable:
        raise TableProblem("It is not a text file. Save it as CSV, in UTF-8.")
    if len(readable) == 1:
        return next(iter(readable))
    return _best(readable)


def _as_said(opened: Callable[[], IO[bytes]], said: str) -> str:
    try:
        name = codecs.lookup(said).name
        text = _beginning(opened, "utf-8-sig" if name == "utf-8" else name)
    except (LookupError, ValueError, TypeError, AttributeError):
        raise TableProblem(f"encoding {said[:40]!r}: there is no such encoding.") from None
    if text is None:
        raise TableProblem(f"encoding {said[:40]}: the file cannot be read so.")
    return "utf-8-sig" if name == "utf-8" else name


def _best(texts: dict[str, str]) -> str:
    scores = {name: _oddity(name, text) for name, text in texts.items()}
    least = min(scores.values())
    best = [name for name, score in scores.items() if score == least]
    best = [name for name in best if name not in RARE] or best
    first = sample_words(texts[best[0]])
    other = next((name for name in best[1:] if texts[name] != texts[best[0]]), None)
    if other is None:
        return best[0]
    raise TableProblem(
        f"The encoding is not certain: {best[0]} reads {', '.join(first)}; "
        f"{other} reads {', '.join(sample_words(texts[other]))}. Say --encoding {best[0]} or "
        f"--encoding {other}, or save it in UTF-8."
    )


def _beginning(opened: Callable[[], IO[bytes]], encoding: str) -> str | None:
    """The first letters of a file, or None where this encoding does not read all of it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    first: str | None = None
    with opened() as raw, suppress(UnicodeError):
        while piece := raw.read(CHUNK_BYTES):
            text = decoder.decode(piece)
            if "\x00" in text:
                return None
            first = text if first is None else first
        decoder.decode(b"", final=True)
        return first or ""
    return None


def _oddity(encoding: str, text: str) -> int:
    """How many words nobody would write, and letters that no one language has."""
    words = Counter(_WORD.findall(text))
    odd = sum(count * _strangeness(word) for word, count in words.items())
    letters = Counter(
        letter
        for word in words
        for letter in word.lower()
        if not letter.isascii() and letter.isalpha()
    )
    alphabets = ALPHABETS[encoding]
    foreign = min(
        sum(count for letter, count in letters.items() if letter not in alphabet)
        for alphabet in alphabets
    )
    return odd + foreign


def _strangeness(word: str) -> int:
    """How odd a word is: of two scripts or with a symbol in it, a capital after a small letter,
    letters without a vowel."""
    capital = any(
        a.islower() and b.isupper() for run in _CASE.findall(word) for a, b in pairwise(run)
    )
    odd = _MIXED.search(word) or _SYMBOL.search(word) or not _NEVER.isdisjoint(word)
    return 2 * (bool(odd) + capital) + bool(_UNSPOKEN.fullmatch(word))
