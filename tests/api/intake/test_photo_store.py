"""The folder of photos."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api.intake import photo_store
from api.intake.photo_store import PhotoStore
from api.problems import Problem
from tests.pictures import jpeg, png

MISSION = uuid4()
PHOTO = jpeg(side=100)
DIGEST = hashlib.sha256(PHOTO).digest()


def test_a_photo_cut_anywhere_goes_on_from_where_it_stands(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    for cut in (0, 1, 4000, len(PHOTO) - 1):
        mission = uuid4()
        store.append(mission, DIGEST, 0, len(PHOTO), PHOTO[:cut])
        assert store.offset(mission, DIGEST) == cut
        assert store.size(mission, DIGEST) is None
        store.append(mission, DIGEST, cut, len(PHOTO), PHOTO[cut:])
        assert store.path(mission, DIGEST).read_bytes() == PHOTO


def test_another_offset_is_answered_with_the_true_one(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    store.append(MISSION, DIGEST, 0, len(PHOTO), PHOTO[:100])
    for wrong in (0, 99, 101, 10**9):
        with pytest.raises(Problem) as caught:
            store.append(MISSION, DIGEST, wrong, len(PHOTO), b"x")
        assert caught.value.headers == {"Upload-Offset": "100"}


def test_bytes_of_another_hash_are_discarded(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    with pytest.raises(Problem) as caught:
        store.append(MISSION, DIGEST, 0, len(PHOTO), PHOTO[:-1] + b"!")
    assert caught.value.kind.code == "wrong_hash"
    assert store.offset(MISSION, DIGEST) == 0
    assert store.append(MISSION, DIGEST, 0, len(PHOTO), PHOTO) == len(PHOTO)


def test_what_is_no_photo_is_refused(tmp_path: Path) -> None:
    page = b"<html>sign in to the network</html>"
    with pytest.raises(Problem) as caught:
        PhotoStore(tmp_path).append(MISSION, hashlib.sha256(page).digest(), 0, len(page), page)
    assert caught.value.kind.code == "not_a_photo"


def test_two_who_resume_at_once_do_not_mix_their_bytes(tmp_path: Path) -> None:
    pieces = [PHOTO[at : at + 1000] for at in range(0, len(PHOTO), 1000)]

    def send(_: int) -> None:
        store, offset = PhotoStore(tmp_path), 0
        for _ in range(500):
            if offset == len(PHOTO):
                return
            try:
                offset = store.append(MISSION, DIGEST, offset, len(PHOTO), pieces[offset // 1000])
            except Problem as problem:
                offset = int(problem.headers["Upload-Offset"])

    with ThreadPoolExecutor(4) as senders:
        list(senders.map(send, range(4)))
    assert PhotoStore(tmp_path).path(MISSION, DIGEST).read_bytes() == PHOTO


def test_a_whole_file_is_named_by_its_content(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    received = store.receiving(MISSION)
    received.write_bytes(PHOTO)
    assert store.take(MISSION, received) == (DIGEST, len(PHOTO))
    assert store.size(MISSION, DIGEST) == len(PHOTO)
    assert not received.exists()


NO_PHOTOS = {
    "three magic bytes": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40,
    "a page": b"<html>sign in to the network</html>",
    "another type": b"GIF89a" + bytes(100),
    "cut off": jpeg()[:-200],
    "a PNG cut off": png()[:-20],
    "a PNG with a wrong bit": png()[:50] + bytes([png()[50] ^ 1]) + png()[51:],
    "a phone's picture that browsers do not show": bytes(4) + b"ftypheic" + bytes(100),
    "a program": b"MZ" + bytes(100),
    "an archive": b"PK\x03\x04" + bytes(100),
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "nothing": b"",
    "too many pixels": png(8001, 8000),
}


@pytest.mark.parametrize("content", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_is_stored_by_no_door(tmp_path: Path, content: bytes) -> None:
    store, digest = PhotoStore(tmp_path), hashlib.sha256(content).digest()
    with pytest.raises(Problem) as in_pieces:
        store.append(MISSION, digest, 0, len(content), content)
    received = store.receiving(MISSION)
    received.write_bytes(content)
    with pytest.raises(Problem) as whole:
        store.take(MISSION, received)
    for caught in (in_pieces, whole):
        assert (caught.value.kind.code, caught.value.field) == ("not_a_photo", "body")
    assert store.size(MISSION, digest) is None
    assert store.offset(MISSION, digest) == 0


OTHER_FILES = {
    "a sound": b"OggS" + bytes(100),
    "a phone's recording": bytes(4) + b"ftypM4A " + bytes(100),
    "a film": bytes(4) + b"ftypisom" + bytes(100),
    "a document": b"%PDF-1.7\n" + bytes(100),
    "a table": "station;votes\n0471;12\né;3\n".encode(),
}


@pytest.mark.parametrize("content", OTHER_FILES.values(), ids=OTHER_FILES)
def test_a_file_of_another_kind_that_a_question_asks_for_is_kept_as_sent(
    tmp_path: Path, content: bytes
) -> None:
    store, digest = PhotoStore(tmp_path), hashlib.sha256(content).digest()
    store.append(MISSION, digest, 0, len(content), content)
    assert store.path(MISSION, digest).read_bytes() == content


@pytest.mark.parametrize("content", [png(8000, 8000), jpeg() + b"SEFT a phone's own trailer"])
def test_a_large_photo_and_what_a_phone_writes_behind_it_are_kept_as_sent(
    tmp_path: Path, content: bytes
) -> None:
    store, digest = PhotoStore(tmp_path), hashlib.sha256(content).digest()
    store.append(MISSION, digest, 0, len(content), content)
    assert store.path(MISSION, digest).read_bytes() == content


def test_one_wrong_length_discards_no_upload(tmp_path: Path) -> None:
    store, half = PhotoStore(tmp_path), len(PHOTO) // 2
    store.append(MISSION, DIGEST, 0, len(PHOTO), PHOTO[:half])
    for wrong in (half + 10, len(PHOTO) + 1):
        with pytest.raises(Problem) as caught:
            store.append(MISSION, DIGEST, half, wrong, PHOTO[half : half + 10])
        assert (caught.value.kind.status, caught.value.field) == (409, "Upload-Length")
        assert caught.value.headers == {
            "Upload-Offset": str(half),
            "Upload-Length": str(len(PHOTO)),
        }
    assert store.append(MISSION, DIGEST, half, len(PHOTO), PHOTO[half:]) == len(PHOTO)


def test_an_observer_s_day_has_room_for_so_many_photos_and_others_are_not_hindered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_store, "PHOTOS_A_DAY", 2)
    store, sender = PhotoStore(tmp_path), uuid4()

    def send(seed: int, sender: UUID | None) -> None:
        content = jpeg(seed)
        digest = hashlib.sha256(content).digest()
        store.append(MISSION, digest, 0, len(content), content[:100], sender)
        store.append(MISSION, digest, 100, len(content), content[100:], sender)

    send(1, sender)
    send(2, sender)
    with pytest.raises(Problem) as caught:
        send(3, sender)
    assert caught.value.kind.status == 429
    assert 0 < int(caught.value.all_headers()["Retry-After"]) <= 86_400
    send(3, uuid4())
    send(4, None)
    assert store.count(MISSION) == 4
    monkeypatch.setattr(photo_store, "PHOTOS_A_DAY", 1000)
    monkeypatch.setattr(photo_store, "BYTES_A_DAY", len(jpeg(1)) + len(jpeg(2)))
    with pytest.raises(Problem):
        send(5, sender)


def test_an_upload_that_nobody_goes_on_with_is_deleted_after_a_week(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    store.append(MISSION, DIGEST, 0, len(PHOTO), PHOTO[:100], uuid4())
    whole = jpeg(9)
    digest = hashlib.sha256(whole).digest()
    store.append(MISSION, digest, 0, len(whole), whole)
    store.receiving(MISSION).write_bytes(b"cut off")
    assert store.expire() == 0
    eight_days_ago = time.time() - 8 * 86_400
    for each in tmp_path.rglob("*"):
        if each.is_file():
            os.utime(each, (eight_days_ago, eight_days_ago))
    assert store.expire() == 2
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [store.path(MISSION, digest)]
    assert store.offset(MISSION, DIGEST) == 0
