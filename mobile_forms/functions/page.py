"""The documentation page of the functions, written from the examples that are also the tests.

``python -m mobile_forms.functions.page > docs/functions.md``
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from mobile_forms.functions import ON_PHONES

EXAMPLES = Path(__file__).with_name("examples.json")
HEAD = """# What expressions give

Written from `mobile_forms/functions/examples.json` by `python -m mobile_forms.functions.page`.
Every line is a test on the server and in the engine that phones carry; where they differ, the
line says so. All are evaluated on this report:

```xml
{instance}
```
"""


def examples() -> dict[str, Any]:
    """The report and its examples: group, expression, result; ``phone`` and ``why`` if other."""
    read: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return read


def page_of_truth() -> str:
    """The page as Markdown."""
    known = examples()
    parts = [HEAD.format(instance=known["instance"].replace("><", ">\n<"))]
    for group, found in groupby(known["examples"], lambda each: each["group"]):
        lines = "\n".join(map(_line, found))
        parts.append(f"## {group}\n\n| expression | result | on phones |\n|---|---|---|\n{lines}\n")
    refused = "\n".join(f"| `{name}` | {remedy} |" for name, remedy in sorted(ON_PHONES.items()))
    parts.append(
        "## Only in a calculation, on phones\n\nIn a rule the linter refuses these.\n\n"
        f"| function | instead |\n|---|---|\n{refused}\n"
    )
    return "\n".join(parts)


def text_of_result(result: object) -> str:
    """A result as a phone writes it."""
    return str(result).lower() if isinstance(result, bool) else str(result)


def _line(example: dict[str, Any]) -> str:
    phone = f"`{example['phone'] or ' '}`: {example['why']}" if "why" in example else "the same"
    result = text_of_result(example["result"]) or " "
    return f"| `{example['expression']}` | `{result}` | {phone} |"


if __name__ == "__main__":
    print(page_of_truth(), end="")
