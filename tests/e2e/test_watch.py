"""The eyes of this suite see: without these, every other test here could be green on a broken page."""

from tests.e2e.test_pages import RULES, sideways, violations
from tests.e2e.watch import Watch


def test_what_nobody_can_read_is_found(visit):
    page = visit().page
    page.set_content(
        "<html lang=en><title>t</title><main><h1>t</h1><p style='color:#aaa'>pale</p></main></html>"
    )
    assert [found for found in violations(page, RULES) if found.startswith("color-contrast")]


def test_what_sticks_out_is_found(visit):
    page = visit().page
    page.set_viewport_size({"width": 320, "height": 640})
    page.set_content("<main><p style='width:600px'>wide</p></main>")
    assert "wide" in sideways(page)


def test_complaints_and_foreign_requests_are_found(new_context, base_url):
    page, watch = new_context().new_page(), Watch(base_url)
    watch.follow(page)
    page.goto("/privacy/")
    page.evaluate("() => console.error('something is wrong')")
    page.evaluate(
        "() => { document.body.setAttribute('style', 'color: red') }"
    )  # our policy allows no such style
    page.evaluate("() => fetch('http://other.example.org/').catch(() => 0)")
    page.goto("/there-is-no-such-page/")
    found = "\n".join(watch.faults)
    for complaint in ("something is wrong", "style-src", "other.example.org", "404"):
        assert complaint in found
