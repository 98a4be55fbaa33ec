"""One reader of cells for every import, as one table; encodings; workbooks of both kinds."""

import base64
import io
import zlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from api.imports.cells import day, decimal_mark, moment, number, whole_number, zoned
from api.imports.file_checks import alike
from api.imports.options import ReadOptions, TableProblem
from api.imports.table import CellProblem, TableRow, read_table
from api.imports.table_file import encoding_of, mixed_words

TBILISI = ZoneInfo("Asia/Tbilisi")
XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)O=uHA6#izio2I2dNlk@TD4}50+Cs&HUTU;f>m{|e2Y(PWX%-2s*^-8WJ!rM&C<vYuFU5NBQhyHqpn~2!"
        "2o-w}1R>F*CqcnOoAu4x-P+a)4QipX-!gAz-psstv+vEDoqaPC%1_>JC}0`(z=xt$4*w#apj7Twf}nQGQbjip"
        "P_jI%E0hPwkbWIct6rBW8!CGjAaPH7Nfh`<=_H2HW2TMB8lsbRhzq4dhtSCPByLiwMm_6Q%XEP02Bvqp?=z-*"
        "nRA6{2ldU16PStiwCr~L_?T?swrZjRk9f>`=IlTnUMWAma8=lSb?nQe;zR4Kp;4>E6v(9AM%u`zdJS%)0ys`+"
        "i^bZyy7CB<xu@{WiU42Tef=Wh@z<6wK>Y7Z`DMT12gr!a`PZZdjKexDlr!g0g_x#VbnG`rjZBV0^)20w&;8kW"
        "Hf5$q=5Uy!wUhdcGpUiRk)dG&X40T69Y1SOC>S+~J3<9>nA|Ao1KQhn`62o-hC!I<6md}RL-C=Z3UxSeFbOUR"
        "CRMz}Dv2gh!{rcfv>;79cjwF7SfV$2iaFz~j(yB*R%?QVi)sW7u3l)dX$z0o&h!#X-NfYvreRt;<;}fyPT}AL"
        "_qoii%{0$W#%y%UqViTM=RO~K+?e|m-A3i<?!s7j`dxGqO?2!fX}o$S&?;KRjq3_eqHZpnfb@ZB{V%~OAcKzX"
        "mUEWYU|wxULdZUFWi1}6t`xj}VlCdPkEynf->SCaTU9HzYwp{zYm#cdg_@6Qnj=fBAWN_;-RUn_ma@Qe(oL|e"
        "2bJnLO3X@<rKHGZQqIc?=7ng*wiMf5%9y$gP))M7Li!<DANB>T<O?1=c<|uCg9i_P48b2n_D7(`mj?R-v&{Lg"
        "Gf%1L{U-Tu(MPv96Ir@a9zdG%49=D0KO3P7SC&}i825jn!cm$%LwCsp>oHie|I!6PEMCv52L}J%7AkfAVkvt5"
        "<N1F8Yc&v)"
    )
)
"""A workbook of the older kind: a cover, then stations with a text, a number, a day, a yes."""

REFUSED = "refused"
WHOLE: list[tuple[str, str, object]] = [
    ("", "", None), ("750", "", 750), ("1204", ".", 1204), ("1 204", "", 1204),
    ("1\u202f204", ",", 1204), ("1'204", "", 1204), ("1,204", "", 1204), ("1,204", ".", 1204),
    ("1,204", ",", REFUSED), ("1.204", "", 1204), ("1.204", ",", 1204), ("1.204", ".", REFUSED),
    ("1,204,000", ".", 1204000), ("1.204.000", ",", 1204000), ("750.0", ".", 750),
    ("750,00", ",", 750), ("750.000", "", REFUSED), ("7.5", ".", REFUSED), ("-3", "", REFUSED),
    ("1,20", "", REFUSED), ("12,34,567", "", REFUSED),
]  # fmt: skip
NUMBERS: list[tuple[str, str, object]] = [
    ("1204", "", 1204), ("-7", "", -7), ("+7", "", 7), ("1,5", "", 1.5), ("1.5", "", 1.5),
    ("1,204", "", None), ("1,204", ".", 1204), ("1,204", ",", 1.204), ("1.204", ",", 1204),
    ("1.204", ".", 1.204), ("-1.204", ",", -1204), ("1,204.5", "", 1204.5),
    ("1.204,5", "", 1204.5), ("1 204,5", ",", 1204.5), ("1'204", "", 1204), ("0.125", "", 0.125),
    ("0.125", ".", 0.125), ("1,204,000", "", 1204000), ("many", "", None), ("1e3", "", 1000.0),
    ("nan", "", None), ("inf", "", None), ("", "", None), ("--1", "", None), ("1.2.3", ".", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "decimal", "expected"), WHOLE)
def test_a_whole_number_is_read_by_the_locale_of_its_file(
    text: str, decimal: str, expected: object
) -> None:
    row = TableRow(5, {"n": text}, decimal)
    if expected is REFUSED:
        with pytest.raises(CellProblem, match="Row 5, column n"):
            whole_number(row, "n")
    else:
        assert whole_number(row, "n") == expected


@pytest.mark.parametrize(("text", "decimal", "expected"), NUMBERS)
def test_a_number_is_read_by_the_locale_of_its_file_or_not_at_all(
    text: str, decimal: str, expected: object
) -> None:
    assert number(text, decimal) == expected


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("41.7151", "."),
        ("41,71", ","),
        ("1,204", ""),
        ("1.204", ""),
        ("1,204.5", "."),
        ("1.204,50", ","),
        ("1,204,000", "."),
        ("1.204.000", ","),
        ("750", ""),
        ("1204.123", "."),
    ],
)
def test_only_a_number_that_can_have_but_one_mark_says_which_it_is(text: str, mark: str) -> None:
    assert decimal_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-10-31T19:30:00+04:00", "2026-10-31T15:30:00"),
        ("2026-10-31 19:30", "2026-10-31T15:30:00"),
        ("2026-10-31", "2026-10-30T20:00:00"),
        ("31.10.2026 19:30", "2026-10-31T15:30:00"),
        ("31/10/2026", "2026-10-30T20:00:00"),
        ("10/31/2026 9:05", "2026-10-31T05:05:00"),
    ],
)
def test_a_moment_without_a_zone_is_in_the_zone_of_the_mission(text: str, at: str) -> None:
    found = moment(TableRow(5, {"n": text}), "n", TBILISI)
    assert found == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("46326", "a spreadsheet's number of a day \\(perhaps 2026-10-31\\)"),
        ("01/02/2026", "two ways"),
        ("soon", "such as 2026-10-01"),
        ("31.02.2026", "needed"),
        ("", "needed"),
    ],
)
def test_a_date_that_would_have_to_be_guessed_is_refused(text: str, words: str) -> None:
    with pytest.raises(CellProblem, match=words):
        moment(TableRow(5, {"n": text}), "n", UTC)


def test_a_day_may_be_absent_and_a_report_keeps_what_is_no_moment() -> None:
    assert day(TableRow(5, {"n": ""}), "n") is None
    assert day(TableRow(5, {"n": "2026-10-01T00:00:00"}), "n") == date(2026, 10, 1)
    assert zoned("2026-10-31T19:30:00", TBILISI) == "2026-10-31T19:30:00+04:00"
    assert zoned("2026-10-31T19:30:00Z", TBILISI) == "2026-10-31T19:30:00Z"
    assert zoned("yesterday", TBILISI) == "yesterday"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "kod;nazwa\n1;Szkoła, Łódź\n2;Świetlica\n3;Żółć\n"),
        ("cp1250", "kod;nazev\n1;Základní škola, Příbram\n2;Obecní úřad\n"),
        ("iso8859-2", "kod;nazwa\n1;Szkoła, Łódź\n2;Świetlica wiejska w Gdańsku\n"),
        ("cp1254", "kod;ad\n1;Atatürk İlköğretim Okulu\n2;Şehit Öğretmen, Ağrı\n"),
        ("cp1252", "code;nom\n1;École de la forêt\n2;Frøya skole, Ålesund\n"),
        ("cp1253", "κωδ;όνομα\n1;Δημοτικό Σχολείο Αθηνών\n"),
        ("cp1255", "code;name\n1;בית ספר\n2;שלום עליכם\n"),
        ("cp1257", "kodas;vardas\n1;Šiaulių mokykla\n2;Žąsų gatvė\n"),
        ("cp1251", "код;назва\n1;Школа, вулиця Шевченка\n2;ДОМ КУЛЬТУРЫ\n"),
        ("koi8-r", "код;адрес\n1;Школа, улица Садовая\n"),
        ("cp866", "код;адрес\n1;Школа, улица Садовая\n"),
    ],
)
def test_the_encoding_that_reads_like_one_language_is_the_one(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    assert encoding_of(lambda: io.BytesIO(data), data[:4]) == encoding


def test_bytes_that_two_encodings_read_equally_well_are_asked_about() -> None:
    data = "code;name\n1;São João, Conceição\n".encode("mac_roman")
    with pytest.raises(TableProblem, match=r"The encoding is not certain.*--encoding"):
        encoding_of(lambda: io.BytesIO(data), data[:4])


@pytest.mark.parametrize(
    ("word", "mixed"),
    [
        ("Szkoіa", True),
        ("Јуdџ", True),
        ("ќwietlica", True),
        ("Шкoла", True),
        ("Cадовая", True),
        ("Школа", False),
        ("İstanbul", False),
        ("IIIა", False),
        ("ქუჩაN", False),
        ("школаN5", False),
        ("Nº5", False),
    ],
)
def test_a_word_of_two_scripts_is_seen_and_a_missing_space_is_none(word: str, mixed: bool) -> None:
    assert bool(list(mixed_words(f"At {word}, left"))) is mixed


def test_codes_are_alike_that_differ_in_zeros_capitals_or_spaces() -> None:
    for one, two in (("12", "0012"), ("F-1", "f-01"), ("A 1", "a1"), ("１２", "12")):
        assert alike(one) == alike(two)
    for one, two in (("10", "1"), ("100", "1"), ("1-0", "10"), ("A1", "A2"), ("0", "")):
        assert alike(one) != alike(two)


def test_an_older_workbook_is_read_by_its_sheet() -> None:
    table = read_table(XLS, options=ReadOptions(sheet="Stations"))
    assert [dict(each.cells) for each in table.rows] == [
        {"code": "007", "name": "Szkoła", "voters": "812", "opened": "2026-10-01"},
        {"code": "8", "name": "Hall", "voters": "yes", "opened": ""},
    ]
    assert read_table(XLS).headers == ("Register",)
    with pytest.raises(TableProblem, match="There are: Cover, Stations"):
        read_table(XLS, options=ReadOptions(sheet="7"))
    for broken in (XLS[:600], XLS[:8], XLS[:3000] + b"\xff" * 2000):
        with pytest.raises(TableProblem):
            list(read_table(broken).rows)
