"""A small checklist that names a picture and a list of its own, and the two files."""

import base64

from tests.mobile_forms.spreadsheets import SURVEY, changed, spreadsheet

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OWN_LIST = b"name,label,region\nakh,Akhali,North\nbor,Bora,South\n"
PICTURED = changed(SURVEY, "sealed", **{"media::image": "seal.png"})
LISTED = [{"type": "select_one_from_file towns.csv", "name": "town", "label": "Which town?"}]
WITH_FILES = spreadsheet(survey=[*PICTURED, *LISTED])
