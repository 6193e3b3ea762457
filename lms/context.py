"""What every page may show: the programme's name, whether this is a demonstration, the chosen colours."""

from django.conf import settings
from django.http import HttpRequest

from courses.selectors import current_programme

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "")
    return {
        "programme": current_programme(),
        "demonstration": settings.DEMONSTRATION,
        "theme": theme if theme in THEMES else "",
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
