"""The folder of photos."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from api.photos import PhotoStore
from api.problems import Problem

MISSION = uuid4()
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
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
