"""The catalogue of standards holds what the checklists and the ledger refer to."""

from schemas.standards import catalogue, instruments, unknown_standards


def test_every_instrument_has_a_title_a_year_and_paragraphs() -> None:
    assert {each.code for each in instruments()} >= {
        "acdeg",
        "bamako",
        "cedaw",
        "coc",
        "cop",
        "crpd",
        "dop",
        "gc25",
        "gndem",
        "iadc",
        "iccpr",
        "obl",
        "part",
        "uncac",
    }
    for each in instruments():
        assert each.title
        assert each.adopted.isdigit()
        assert all(standard.says.strip() for standard in each.standards)


def test_the_twenty_one_obligations_and_the_nine_conditions_are_there() -> None:
    assert [f"obl:{n}" for n in range(1, 22)] == [id for id in catalogue() if id.startswith("obl:")]
    assert all(f"dop:12{letter}" in catalogue() for letter in "abcdefghi")


def test_an_id_that_no_instrument_holds_is_named() -> None:
    assert unknown_standards(("dop:12b", "dop:99", "nowhere:1")) == ("dop:99", "nowhere:1")


def test_the_ten_parts_of_the_process_and_what_the_consensus_asks_are_there() -> None:
    assert [f"part:{n}" for n in range(1, 11)] == [id for id in catalogue() if id[:5] == "part:"]
    asked = (10, 12, 18, 19, 20, 25, 27, 28, 30, 31, 32, 35, 36, 38, 39, 44, 45, 46, 47, 48, 51, 53,
             54, 55, 56, 60, 62, 66, 67)  # fmt: skip
    assert not unknown_standards(tuple(f"bamako:{n}" for n in asked))
