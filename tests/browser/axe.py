"""axe-core on a page: what keeps people from using it, by rule and element."""

import json
import pathlib

SOURCE = pathlib.Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
RUN = """axe.run({include: %s, exclude: %s}, {resultTypes: ["violations"]}).then((result) => result.violations
    .filter((violation) => %s.includes(violation.impact))
    .flatMap((violation) => violation.nodes.map((node) => ({
        rule: violation.id, impact: violation.impact, selector: node.target.flat().join(" "),
        html: node.html.slice(0, 200), summary: node.failureSummary.slice(0, 300)}))))"""


def find_violations(page, include, exclude):
    """Return ``[{rule, impact, selector, html, summary}]`` of the grave violations in a part of a page.

    :param str include: selector of the part that is judged
    :param exclude: selectors of what is not
    """
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(f"{SOURCE.read_text(encoding='utf-8')}; true")
    there = [selector for selector in exclude if page.evaluate(f"!!document.querySelector({json.dumps(selector)})")]
    return page.evaluate(RUN % (json.dumps([[include]]), json.dumps([[part] for part in there]), json.dumps(GRAVE)))


def describe(violations):
    """Return a line for each violation: what rule, where, and how it looks."""
    return "\n".join(
        f"{found['rule']} ({found['impact']}) at {found['selector']}\n    {found['html']}\n    {found['summary']}"
        for found in violations
    )
