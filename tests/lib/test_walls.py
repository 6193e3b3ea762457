"""What no honest client sends is refused at the wall, with the page or the problem document of a bad request."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/courses/a%00/", "/files/a%00/b", "/studio/modules/%00/", "/api/v1/courses/%00/"]
)
def test_nul_in_an_address_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_nul_in_a_cookie_is_refused_even_where_an_escape_hides_it(client):
    assert client.get("/", headers={"Cookie": r'sessionid="aaaaaaaa\000"'}).status_code == 400


def test_nul_in_a_header_is_refused(client):
    answer = client.get("/api/v1/enrollments/", headers={"Authorization": "Token a\0"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("charset", ["utf-16", "idna", "hex", "nothing"])
def test_other_charsets_are_refused(client, charset):
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    assert client.generic("POST", "/language/", body, kind).status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_utf8_is_read(client, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/language/", b"language=sv", kind).status_code == 302
