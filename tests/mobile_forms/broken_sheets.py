"""Checklists that are broken, each in one way, and what is said of it."""

from typing import Any

from tests.mobile_forms.spreadsheets import CHECKS, CHOICES, INDICATORS, SETTINGS, SURVEY, changed

Rows = list[dict[str, Any]]
ROW_IN_REPEAT: Rows = [
    {"type": "begin_repeat", "name": "boxes", "label": "Boxes"},
    {"type": "select_one sealed", "name": "one_box", "label": "Sealed?"},
    {"type": "end_repeat"},
]
BROKEN: dict[str, tuple[str, Rows, str, str]] = {
    "a typing error in a header": (
        "survey",
        changed(SURVEY, "why", relevnt="1"),
        "relevnt",
        "Did you mean `relevant`?",
    ),
    "a header of the choices": (
        "choices",
        changed(CHOICES, "crowd", severty=2),
        "severty",
        "Did you mean `severity`?",
    ),
    "a namespace": (
        "survey",
        changed(SURVEY, "why", **{"instance::a:b": "x"}),
        "instance::a:b",
        "Write `::`",
    ),
    "an instance column": (
        "survey",
        changed(SURVEY, "why", **{"instance::b": "x"}),
        "instance::b",
        "Take it away",
    ),
    "an unknown list": (
        "survey",
        changed(SURVEY, "sealed", type="select_one saeled"),
        "type",
        "`sealed`",
    ),
    "an unknown type": (
        "survey",
        changed(SURVEY, "late", type="intger"),
        "type",
        "Did you mean `integer`?",
    ),
    "or_other": (
        "survey",
        changed(SURVEY, "sealed", type="select_one sealed or_other"),
        "type",
        "Add the",
    ),
    "an unknown question": (
        "survey",
        changed(SURVEY, "why", relevant="${lat} > 0"),
        "relevant",
        "`${late}`",
    ),
    "an unknown question in our column": (
        "survey",
        changed(SURVEY, "late", irregular_when="${laat} > 0"),
        "irregular_when",
        "late",
    ),
    "an expression that is none": (
        "survey",
        changed(SURVEY, "why", relevant="${late} > > 0"),
        "relevant",
        "brackets",
    ),
    "a printer's quotation marks": (
        "survey",
        changed(SURVEY, "why", relevant="${sealed} = ’no’"),
        "relevant",
        "Type '",
    ),
    "a question named in a text that is not there": (
        "survey",
        changed(SURVEY, "why", label="Why ${laet} minutes?"),
        "label",
        "`${late}`",
    ),
    "a list that no mission keeps": (
        "survey",
        changed(SURVEY, "sealed", type="select_one_from_file parties.csv"),
        "type",
        "contestants.csv",
    ),
    "a picture that is not there": (
        "survey",
        changed(SURVEY, "why", **{"media::image": "a.png"}),
        "media::image",
        "--media",
    ),
    "a picture of another kind": (
        "survey",
        changed(SURVEY, "why", **{"image": "a.svg"}),
        "image",
        ".png",
    ),
    "a picture in a folder": (
        "choices",
        changed(CHOICES, "crowd", **{"image": "a/a.png"}),
        "image",
        "no folder",
    ),
    "a picture without words": (
        "survey",
        changed(SURVEY, "why", label=None, hint="?", image="a.png"),
        "image",
        "label",
    ),
    "a picture beside a group": (
        "survey",
        changed(SURVEY, "inside", image="a.png"),
        "image",
        "Move it",
    ),
    "a picture for one language of two": (
        "survey",
        [
            each | {"label::French (fr)": "Oui"}
            for each in changed(SURVEY, "why", **{"image::French (fr)": "a.png"})
        ],
        "image::French (fr)",
        "name no language",
    ),
    "more pictures than phones carry": (
        "choices",
        [
            each | {"image": f"{number}-{each['name']}.png"}
            for number in range(3)
            for each in CHOICES
        ],
        "image",
        "Leave some out",
    ),
    "a sound beside a question": (
        "survey",
        changed(SURVEY, "why", **{"media::audio": "a.mp3"}),
        "media::audio",
        "in words",
    ),
    "a large picture beside a question": (
        "survey",
        changed(SURVEY, "why", **{"big-image": "a.png"}),
        "big-image",
        "in words",
    ),
    "a picture beside a check": (
        "checks",
        changed(CHECKS, "far-too-late", image="a.png"),
        "image",
        "in words",
    ),
    "a list of another kind": (
        "survey",
        changed(SURVEY, "sealed", type="select_one_from_file towns.xml"),
        "type",
        ".csv",
    ),
    "a list with other columns": (
        "survey",
        changed(SURVEY, "sealed", type="select_one_from_file towns.csv", parameters="value=code"),
        "parameters",
        "Take the parameter",
    ),
    "a list that is pulled from and is not there": (
        "survey",
        [
            *SURVEY,
            {
                "type": "calculate",
                "name": "x",
                "calculation": "pulldata('towns', 'label', 'name', ${why})",
            },
        ],
        "calculation",
        "--media",
    ),
    "a type of older days": (
        "survey",
        changed(SURVEY, "sealed", type="cascading_select sealed"),
        "type",
        "each level",
    ),
    "a question without words": ("survey", changed(SURVEY, "why", label=None), "label", "is asked"),
    "a calculation that is missing": (
        "survey",
        [*SURVEY, {"type": "calculate", "name": "sum"}],
        "calculation",
        "Write the",
    ),
    "a group without an end": ("survey", SURVEY[:-1], "type", "that ends it"),
    "a trigger that is no question": (
        "survey",
        changed(SURVEY, "why", trigger="late"),
        "trigger",
        "guide to XLSForm",
    ),
    "a parameter that is none": (
        "survey",
        changed(SURVEY, "seen", parameters="randomize=perhaps"),
        "parameters",
        "guide to XLSForm",
    ),
    "a function that nothing has": (
        "survey",
        changed(SURVEY, "why", relevant="selcted(${late}, 1)"),
        "relevant",
        "functions",
    ),
    "a pattern that is none": (
        "survey",
        changed(SURVEY, "why", constraint="regex(., '^[$')"),
        "constraint",
        "brackets",
    ),
    "a pattern that phones read differently": (
        "survey",
        changed(SURVEY, "why", constraint="regex(., '[a-z]+')"),
        "constraint",
        "with ^",
    ),
    "a name twice": ("survey", changed(SURVEY, "why", name="late"), "name", "once"),
    "a name in look-alike letters": (
        "survey",
        changed(SURVEY, "why", name="wһy"),
        "name",
        "mean `why`",
    ),
    "a name of the compiler's": (
        "survey",
        changed(SURVEY, "why", name="why__known"),
        "name",
        "another name",
    ),
    "an indicator without a rule": (
        "survey",
        changed(SURVEY, "late", irregular_when=None),
        "indicator",
        "both",
    ),
    "a condition without a rule": (
        "survey",
        changed(SURVEY, "why", judged_when="1 = 1"),
        "judged_when",
        "both",
    ),
    "an irregular option in a repeat": ("survey", SURVEY + ROW_IN_REPEAT, "name", "outside"),
    "a repeat in a repeat": (
        "survey",
        [
            *SURVEY,
            {"type": "begin_repeat", "name": "outer", "label": "Outer"},
            *[each | {"label": "x"} for each in ROW_IN_REPEAT[:1] + ROW_IN_REPEAT[2:]],
            {"type": "end_repeat"},
        ],
        "type",
        "side by side",
    ),
    "a station that is something else": (
        "choices",
        changed(CHOICES, "crowd", station_is="shut"),
        "station_is",
        "refused, closed, unsafe",
    ),
    "an access that is neither yes nor no": (
        "indicators",
        changed(INDICATORS, "OP-LATE", access="perhaps"),
        "access",
        "yes where",
    ),
    "a severity of four": (
        "choices",
        changed(CHOICES, "crowd", severity=4),
        "severity",
        "3 integrity",
    ),
    "a code that no indicator has": (
        "choices",
        changed(CHOICES, "crowd", irregularity="VO-CROWDS"),
        "irregularity",
        "VO-CROWD",
    ),
    "a reserved option made irregular": (
        "choices",
        changed(CHOICES, "not_observed", irregularity="CO-SEAL"),
        "irregularity",
        "another option",
    ),
    "an option twice": ("choices", changed(CHOICES, "crush", name="crowd"), "name", "once"),
    "an option without a name": ("choices", changed(CHOICES, "crush", name=None), "name", "Give"),
    "an option in look-alike letters": (
        "choices",
        changed(CHOICES, "crush", name="сrush"),
        "name",
        "mean `crush`",
    ),
    "an option with a blank in its name": (
        "choices",
        changed(CHOICES, "crush", name="a crush"),
        "name",
        "Latin",
    ),
    "a standard that the catalogue lacks": (
        "choices",
        changed(CHOICES, "crowd", standards="obl:99"),
        "standards",
        "`obl:9`",
    ),
    "an indicator that nothing raises": (
        "indicators",
        [*INDICATORS, INDICATORS[0] | {"code": "VO-BUY"}],
        "code",
        "take the row",
    ),
    "an indicator twice": ("indicators", [*INDICATORS, INDICATORS[0]], "code", "Keep one"),
    "an indicator without a standard": (
        "indicators",
        changed(INDICATORS, "OP-LATE", standards=None),
        "standards",
        "at least one",
    ),
    "an indicator without a severity": (
        "indicators",
        changed(INDICATORS, "OP-LATE", severity=None),
        "severity",
        "1 procedural",
    ),
    "an indicator of no stage": (
        "indicators",
        changed(INDICATORS, "OP-LATE", stage="vting"),
        "stage",
        "voting",
    ),
    "an indicator without its good sentence": (
        "indicators",
        changed(INDICATORS, "OP-LATE", positive_phrase=None),
        "positive_phrase",
        "Write",
    ),
    "a check without an explanation": (
        "checks",
        changed(CHECKS, "far-too-late", explanation=None),
        "explanation",
        "Write",
    ),
    "a tolerance in words": (
        "checks",
        changed(CHECKS, "far-too-late", tolerance="two"),
        "tolerance",
        "Such as",
    ),
    "a form without a version": ("settings", [SETTINGS | {"version": None}], "version", "Give"),
    "a form with a blank in its name": (
        "settings",
        [SETTINGS | {"form_id": "my form"}],
        "form_id",
        "Small letters",
    ),
    "a stage of no election": ("settings", [SETTINGS | {"stage": "party"}], "stage", "voting"),
}
