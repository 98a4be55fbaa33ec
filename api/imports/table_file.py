"""How a table's file is written: encoding, line ends, separator, or a sheet of a workbook.

A file is read from where it lies, a piece at a time: a million rows take no more memory than ten.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from typing import IO

from api.imports.options import ReadOptions, TableProblem
from api.imports.workbook import CHUNK_BYTES, MAX_UNPACKED_BYTES, XLS, XLSX, workbook_as_csv

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

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


SEPARATORS = ",;\t|"
BEGINNING = 20
"""Lines by which a separator and a header are found."""
_EXCELS_OWN = ["sep=", ""]
"""A first line by which spreadsheets tell each other the separator: no row of the table."""


@dataclass(frozen=True)
class TableFile:
    """A table's file: how to open it anew, its bytes, and how its letters are to be read."""

    open: Callable[[], IO[bytes]]
    size: int
    encoding: str
    is_workbook: bool = False

    @contextmanager
    def text(self) -> Iterator[tuple[IO[str], IO[bytes]]]:
        """The text from its beginning, every line end as one; and the bytes it comes from."""
        with self.open() as raw:
            yield io.TextIOWrapper(raw, self.encoding, newline=None), raw

    def separator(self) -> str:
        """The separator that most of the first lines hold the same number of, outside quotes."""
        if self.is_workbook:
            return ","
        with self.text() as (text, _):
            lines = [re.sub(r'"[^"]*"', "", text.readline(CHUNK_BYTES)) for _ in range(BEGINNING)]
        return max(SEPARATORS, key=partial(_steadiness, lines))

    def records(self, text: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
        """Every record with its row: the line that it begins in, or its row in a workbook. A
        quoted cell may hold line ends.

        Raises :class:`TableProblem`.
        """
        reader = csv.reader(text, delimiter=separator, strict=True)
        record = 0
        while True:
            record += 1
            line = record if self.is_workbook else reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise TableProblem(
                    f"Row {line}: a quotation mark is not closed, or a cell is too long ({error})."
                ) from error
            except UnicodeError as error:
                raise TableProblem(f"Row {line}: it cannot be read as {self.encoding}.") from error
            if line > 1 or cells != _EXCELS_OWN:
                yield line, cells

    def beginning(self, separator: str) -> list[tuple[int, list[str]]]:
        """The first records. Raises :class:`TableProblem`."""
        with self.text() as (text, _):
            return list(islice(self.records(text, separator), BEGINNING))


def _steadiness(lines: list[str], separator: str) -> tuple[int, int]:
    """How many lines hold the usual number of a separator, and that number."""
    counts = Counter(count for line in lines if (count := line.count(separator)))
    usual, lines_ = max(counts.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    return lines_, usual


def written(source: bytes | Path, options: ReadOptions) -> TableFile:
    """Find out how a file is written.

    Raises :class:`TableProblem` where it is too large, or neither text nor a workbook.
    """
    try:
        opened, size = _opener(source)
        opened().close()
    except OSError as error:
        raise TableProblem(f"{error.strerror}.") from error
    if size > MAX_UNPACKED_BYTES:
        raise TableProblem(f"It is larger than {MAX_UNPACKED_BYTES // 1024 // 1024} MB.")
    with opened() as raw:
        begins = raw.read(len(XLSX))
    if begins in (XLSX, XLS):
        opened, size = _opener(workbook_as_csv(opened, begins, options.sheet))
        return TableFile(opened, size, "utf-8", is_workbook=True)
    if options.sheet:
        raise TableProblem(f"sheet {options.sheet[:40]!r}: a text file has no sheets.")
    return TableFile(opened, size, encoding_of(opened, begins, options.encoding))


def _opener(source: bytes | Path) -> tuple[Callable[[], IO[bytes]], int]:
    if isinstance(source, Path):
        return lambda: source.open("rb"), source.stat().st_size
    return partial(io.BytesIO, source), len(source)
