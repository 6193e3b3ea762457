"""What a machine can tell about whether everybody can read a page."""

from typing import Any

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Any, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds. Only that is fetched: all that is well would be megabytes a page."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("(options) => axe.run(options).then((all) => all.violations)", options)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for violation in found
        for node in violation["nodes"]
    ]
