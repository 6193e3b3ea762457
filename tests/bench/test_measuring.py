"""The benchmark believes no answer that it has not checked, and counts as it says."""

import http.server
import threading

import pytest

from .client import Client, Cost, WrongAnswer
from .measuring import Bench, Effort, Slice, percentile
from .operations import Operation, answers, one_by_one

PAGE = b"<p>Logged in as learner@example.org</p>"


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status, headers = (302, {"Location": "/accounts/login/"}) if self.path == "/ended" else (200, {})
        self.send_response(status)
        for name, value in {"Content-Length": str(len(PAGE)), "X-Queries": "3", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def port():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def client(port):
    client = Client(port)
    yield client
    client.close()


def test_a_right_answer_costs_its_bytes_and_queries(client):
    client.get("/", marker="learner@example.org")
    assert client.cost.seconds > 0
    assert client.cost == Cost(client.cost.seconds, queries=3, sent=len(PAGE), size=len(PAGE))


def test_an_ended_session_is_no_measurement(client):
    with pytest.raises(WrongAnswer, match="answered 302 /accounts/login/ instead of 200"):
        client.get("/ended", marker="")


def test_a_page_of_somebody_else_is_no_measurement(client):
    with pytest.raises(WrongAnswer, match="is not in its"):
        client.get("/", marker="other@example.org")


def test_a_wrong_answer_ends_the_run(port):
    wrong = Operation("wrong", iter(lambda: lambda client: client.get("/", marker="nobody"), None))
    bench = Bench(port, Effort(rounds=1, seconds=0.01), server=list, database=list)
    with pytest.raises(WrongAnswer):
        bench.slice(wrong, 0.01, clients=8)


def test_too_small_a_page_is_no_measurement(port):
    small = Operation("small", iter(lambda: lambda client: client.get("/", marker="p"), None), least=1_000)
    bench = Bench(port, Effort(rounds=1, seconds=0.01), server=list, database=list)
    with pytest.raises(WrongAnswer, match="too few to be the page"):
        bench.look_once(small)


def test_too_few_rows_are_said_and_not_measured_twice(port):
    bench = Bench(port, Effort(rounds=1, seconds=1), server=list, database=list)
    with pytest.raises(WrongAnswer, match="not enough rows"):
        bench.slice(Operation("done", iter([])), 1, clients=1)


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (95, 10), (100, 10), (1, 1)])
def test_percentiles_are_values_that_were_measured(percent, value):
    assert percentile(list(range(1, 11)), percent) == value


def test_processor_time_is_of_server_and_database_by_act():
    assert Slice([0.1, 0.1], server=0.03, database=0.01).processor == pytest.approx(0.02)


def test_neighbouring_acts_write_for_different_people():
    learners = [{"name": "a", "open": ["1", "2"]}, {"name": "b", "open": ["1"]}]
    done = []
    for act in one_by_one(
        learners, "open", lambda _client, learner, path: done.append((learner["name"], path))
    ):
        act(None)
    assert done == [("a", "1"), ("b", "1"), ("a", "2")]


def test_every_question_of_a_quiz_is_answered():
    page = "".join(
        f'<input type="radio" id="x" name="q{n}" value="0"><input name="q{n}" value="1">' for n in range(1, 5)
    )
    assert answers(page + '<input id="q5" name="q5" value="">') == {f"q{n}": "0" for n in range(1, 5)} | {
        "q5": "60"
    }
    with pytest.raises(WrongAnswer):
        answers(page)
