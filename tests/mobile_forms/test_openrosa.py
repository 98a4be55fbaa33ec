"""The documents of OpenRosa, to the letter that phones ask for."""

from lxml import etree

from mobile_forms.openrosa import FormEntry, MediaFile, form_list, manifest, message

ENTRY = FormEntry("voting", "1", "Voting & <more>", "0" * 32, "https://a.example/voting.xml")
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


def children(element: etree._Element) -> dict[str, str | None]:
    return {each.tag: each.text for each in element}


def test_every_form_has_its_id_name_version_hash_and_address() -> None:
    document = etree.fromstring(form_list([ENTRY]))
    assert document.tag == f"{LIST}xforms"
    assert children(document[0]) == {
        f"{LIST}formID": "voting",
        f"{LIST}name": "Voting & <more>",
        f"{LIST}version": "1",
        f"{LIST}hash": f"md5:{'0' * 32}",
        f"{LIST}downloadUrl": "https://a.example/voting.xml",
    }


def test_a_form_with_media_names_its_manifest() -> None:
    entry = FormEntry("a", "1", "A", "1" * 32, "https://a.example/a", "https://a.example/m")
    document = etree.fromstring(form_list([entry]))
    assert document.findtext(f".//{LIST}manifestUrl") == "https://a.example/m"


def test_an_empty_list_is_a_list() -> None:
    assert len(etree.fromstring(form_list([]))) == 0


def test_a_manifest_names_each_file_with_its_hash() -> None:
    document = etree.fromstring(manifest([MediaFile("s.csv", "2" * 32, "https://a.example/s")]))
    assert document.tag == f"{MANIFEST}manifest"
    assert children(document[0]) == {
        f"{MANIFEST}filename": "s.csv",
        f"{MANIFEST}hash": f"md5:{'2' * 32}",
        f"{MANIFEST}downloadUrl": "https://a.example/s",
    }


def test_a_message_is_said_in_any_script() -> None:
    written = message("وصل التقرير")
    assert written.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert "".join(etree.fromstring(written).itertext()) == "وصل التقرير"
