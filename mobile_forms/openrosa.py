"""The XML documents of the OpenRosa protocol, as ODK Collect asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from lxml.builder import ElementMaker

FORMS = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"


@dataclass(frozen=True)
class FormEntry:
    """A form in the list. Collect refuses a list in which one has no hash or address."""

    form_id: str
    version: str
    title: str
    md5: str
    download_url: str
    manifest_url: str | None = None


@dataclass(frozen=True)
class MediaFile:
    """A file that a form needs."""

    filename: str
    md5: str
    download_url: str


def form_list(forms: Iterable[FormEntry]) -> bytes:
    """The list of forms that a phone may take."""
    make = ElementMaker(namespace=FORMS, nsmap={None: FORMS})
    document = make.xforms(
        *(
            make.xform(
                make.formID(form.form_id),
                make.name(form.title),
                make.version(form.version),
                make.hash(f"md5:{form.md5}"),
                make.downloadUrl(form.download_url),
                *([make.manifestUrl(form.manifest_url)] if form.manifest_url else []),
            )
            for form in forms
        )
    )
    return _written(document)


def manifest(files: Iterable[MediaFile]) -> bytes:
    """The files that a form needs."""
    make = ElementMaker(namespace=MANIFEST, nsmap={None: MANIFEST})
    document = make.manifest(
        *(
            make.mediaFile(
                make.filename(file.filename),
                make.hash(f"md5:{file.md5}"),
                make.downloadUrl(file.download_url),
            )
            for file in files
        )
    )
    return _written(document)


def message(text: str) -> bytes:
    """What the phone shows its user after a submission."""
    make = ElementMaker(namespace=RESPONSE, nsmap={None: RESPONSE})
    return _written(make.OpenRosaResponse(make.message(text)))


def _written(document: "etree._Element") -> bytes:
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8"))
