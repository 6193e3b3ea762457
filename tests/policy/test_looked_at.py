"""Every address that answers with a page stands in the list of pages that the browser looks at."""

from tests.e2e.pages import ALL, BEHIND_FORMS, UNSEEN

from .routes import patterns
from .table import TABLE

# A page behind a form that has an address of its own is named by its title.
SEEN = {page.name for page in ALL} | {str(page) for page in BEHIND_FORMS}


def readable() -> set[str]:
    """The names of all addresses of the house outside the API that somebody may GET."""
    ruled = ((route, str(pattern.name), TABLE.get(f"GET {route}")) for route, pattern in patterns())
    return {
        name
        for route, name, rule in ruled
        if rule and not rule.is_method_refused and not route.startswith("api/v1/")
    }


def test_no_page_is_missing_from_those_that_are_looked_at():
    assert readable() - SEEN - UNSEEN.keys() == set()


def test_no_exception_has_outlived_its_reason():
    assert UNSEEN.keys() - readable() == set()
    assert UNSEEN.keys() & SEEN == set()
