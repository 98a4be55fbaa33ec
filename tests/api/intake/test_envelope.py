"""The report on the wire."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.intake.envelope import MEMBERS, read_envelope
from api.problems import Problem

REPORT: dict[str, Any] = {"id": str(uuid4()), "checklist": "voting", "answers": {}}

HELD: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown member": ({"stattion": "001"}, "stattion"),
    "a number for a station": ({"station": 7}, "station"),
    "a time without its offset": ({"arrived_at": "2026-11-08T07:00:00"}, "arrived_at"),
    "a time that is none": ({"finalised_at": "yesterday"}, "finalised_at"),
    "a visit that is no UUID": ({"visit": "first"}, "visit"),
    "a latitude beyond the pole": ({"position": {"lat": 91, "lon": 0}}, "position.lat"),
    "a sequence in words": ({"device": {"id": "d", "sequence": "two"}}, "device.sequence"),
    "companions in one text": ({"with": "O-1, O-2"}, "with"),
    "an odd kind of knowledge": ({"observed": {"q1": "dreamt"}}, "observed.q1"),
    "an odd kind of place": ({"place": {"kind": "moon", "code": "1"}}, "place.kind"),
    "a station and a place": ({"station": "1", "place": {"kind": "other", "text": "x"}}, "place"),
}


@pytest.mark.parametrize("case", HELD)
def test_a_field_of_the_wrong_kind_is_a_reason_and_not_a_refusal(case: str) -> None:
    members, field = HELD[case]
    envelope = read_envelope(REPORT | members)
    assert [reason.field for reason in envelope.reasons] == [field]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ([], "body"),
        (None, "body"),
        ({}, "id"),
        (REPORT | {"id": "7"}, "id"),
        (REPORT | {"checklist": 7}, "checklist"),
        (REPORT | {"answers": []}, "answers"),
    ],
)
def test_without_its_shape_it_is_no_report(value: Any, field: str) -> None:
    with pytest.raises(Problem) as caught:
        read_envelope(value)
    assert (caught.value.kind.code, caught.value.field) == ("not_a_report", field)


def test_a_whole_report_has_no_reasons_and_keeps_what_was_sent() -> None:
    sent = REPORT | {
        "version": "1",
        "round": "first",
        "station": "0042",
        "observer": "O-17",
        "with": ["O-18"],
        "visit": str(uuid4()),
        "arrived_at": "2026-11-08T07:00:00+04:00",
        "departed_at": "2026-11-08T07:30:00.25Z",
        "position": {"lat": 41.7, "lon": 44.8},
        "device": {"id": "d1", "sequence": 3},
        "observed": {"q1": "reported"},
    }
    envelope = read_envelope(sent)
    assert envelope.reasons == ()
    assert envelope.sent == {name: value for name, value in sent.items() if name != "answers"}
    assert envelope.arrived_at is not None
    assert envelope.arrived_at.isoformat() == "2026-11-08T03:00:00+00:00"
    assert envelope.id == UUID(REPORT["id"])


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(MEMBERS - {"id", "checklist", "answers"})), anything))
def test_no_value_of_any_member_breaks_the_reader(members: dict[str, Any]) -> None:
    envelope = read_envelope(REPORT | members)
    assert all(reason.field and reason.message for reason in envelope.reasons)
