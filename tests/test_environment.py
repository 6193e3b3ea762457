"""`.env.example` names every variable that is read, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_example_names_what_the_settings_read():
    settings = (ROOT / "lms" / "settings.py").read_text()
    read = set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)""", settings)) | {"WEB_CONCURRENCY"}
    example = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert len(read) > 15
    assert example == read
