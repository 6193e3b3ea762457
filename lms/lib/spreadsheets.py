"""Lists as files for a spreadsheet, written line by line."""

import csv
from collections.abc import Iterable

from django.http import StreamingHttpResponse

Cells = Iterable[object]


class Echo:
    """What `csv.writer` writes to, one line at a time."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, heads: Cells, rows: Iterable[Cells]) -> StreamingHttpResponse:
    """The rows as they come, to be saved as `name`.csv and kept by nobody on the way."""
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def csv_lines(heads: Cells, rows: Iterable[Cells]) -> Iterable[str]:
    writer = csv.writer(Echo())
    yield "\ufeff"  # without it spreadsheets take UTF-8 for something else and break every ä
    yield writer.writerow(list(heads))
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: object) -> str:
    """A spreadsheet runs what begins like a formula; a quotation mark before it makes it text."""
    text = str(cell)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@", "＝")) else text
