"""Counts the queries of a request that asks for it, and says the number in a header.

Only requests with the header `X-Count-Queries` are counted, so that what is measured carries nothing of this.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

ASKED, ANSWERED = "X-Count-Queries", "X-Queries"
# As in the budgets of the suite: what only frames a transaction is no question to the database.
FRAMES = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class Counter:
    number = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        self.number += not sql.startswith(FRAMES)
        return execute(sql, *arguments)


class QueryCountMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASKED not in request.headers:
            return self.get_response(request)
        counter = Counter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = list(response)  # type: ignore[arg-type]
        response[ANSWERED] = str(counter.number)
        return response
