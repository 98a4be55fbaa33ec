"""The engine that phones carry, in a browser: what an expression gives there.

It needs a document to parse forms, which Node does not have.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import quoteattr

from playwright.sync_api import Page, Route, sync_playwright

from tests.journeys.browser import ARGUMENTS, ensure_browser

DIST = Path(__file__).parents[2] / "node_modules" / "@getodk" / "xforms-engine" / "dist"
ORIGIN = "http://localhost:1"
FORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
<h:title>One</h:title><model><instance>{instance}</instance>
<bind nodeset="/data/answer" type="string" calculate={expression}/></model></h:head>
<h:body><group ref="/data/row"><repeat nodeset="/data/row"><input ref="/data/row/n"/></repeat>
</group></h:body></h:html>"""
CALCULATE = """async (form) => {
  const engine = await import("/index.js");
  const loaded = await engine.loadForm(form);
  if (!loaded.createInstance) return "! " + loaded.error;
  try {
    const children = loaded.createInstance().root.currentState.children;
    const answer = children.find((each) => each.definition.nodeset.endsWith("/answer"));
    return String(answer.currentState.instanceValue ?? answer.currentState.value);
  } catch (error) { return "! " + error.message; }
}"""


def form(instance: str, expression: str) -> str:
    """A form of one calculation over an instance."""
    filled = instance.replace("<data>", '<data id="one"><answer/>')
    return FORM.format(instance=filled, expression=quoteattr(expression))


def calculated(page: Page, instance: str, expression: str) -> str:
    """What the phone's engine calculates; what it cannot begins with ``!``."""
    return str(page.evaluate(CALCULATE, form(instance, expression)))


@contextmanager
def engine() -> Iterator[Page]:
    """A page that can load the engine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=ARGUMENTS)
        page = browser.new_page(locale="en-GB", timezone_id="UTC")
        page.route(f"{ORIGIN}/**", _serve)
        page.goto(ORIGIN)
        yield page
        browser.close()


def _serve(route: Route) -> None:
    name = route.request.url.removeprefix(ORIGIN).lstrip("/")
    if not name:
        route.fulfill(body="<!doctype html><title>Engine</title>", content_type="text/html")
    else:
        route.fulfill(path=DIST / name, content_type="text/javascript")
