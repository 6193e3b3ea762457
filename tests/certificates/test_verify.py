"""Anyone verifies: by link, code, serial number with surname, or file. What may not be told is told to nobody."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from certificates.numbering import grouped_public_id
from certificates.services import revoke, set_visibility
from lms.records.services import erasing
from tests.certificates.builders import certified_course, issued, publish_stand_in, reserved
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(learner) -> Certificate:
    return issued(learner)


def address(certificate) -> str:
    return f"/v/{certificate.public_id}"


def file_of(certificate) -> SimpleUploadedFile:
    """The very bytes that stand in for its PDF."""
    pdf = b"%PDF-1.7 stands in for " + certificate.serial.encode()
    return SimpleUploadedFile("certificate.pdf", pdf, "application/pdf")


# --- The certificate's page -------------------------------------------------------------------------------------------


def test_page_shows_every_printed_fact_without_login(client, certificate):
    page = client.get(address(certificate))
    printed = certificate.snapshot
    assert page.status_code == 200
    said = [
        "Valid",
        "Learner",
        printed["title"],
        printed["programme"],
        printed["serial"],
        grouped_public_id(certificate.public_id),
        certificate.pdf_sha256,
        certificate.holder_commitment,
        printed["issuer"]["name"],
        *(partner["name"] for partner in printed["partners"]),
        *(module["title"] for module in printed["modules"]),
        *printed["outcomes"],
        "has completed and passed",
        "It is not an authorisation",
        "no digital seal",
    ]
    for words in said:
        assert words in page.text, words


@pytest.mark.parametrize("form", ["/v/{}", "/v/{}/", "/V/{}", "/V/{}/"])
def test_address_as_printed_and_as_in_the_square_code_answer_without_a_redirect(client, certificate, form):
    assert client.get(form.format(certificate.public_id)).status_code == 200


def test_the_name_of_the_route_is_the_printed_address(certificate):
    assert reverse("verify_certificate", args=[certificate.public_id]) == address(certificate)
    assert certificate.snapshot["verify_url"].endswith(address(certificate))


def test_code_may_be_typed_by_hand_into_the_address(client, certificate):
    assert client.get(f"/v/{grouped_public_id(certificate.public_id).lower()}").status_code == 200


def test_page_is_discreet(client, certificate):
    for page in (client.get(address(certificate)), client.get("/v/unknown"), client.get("/verify/")):
        assert page["Referrer-Policy"] == "same-origin"
        assert "noindex" in page["X-Robots-Tag"]
        assert "no-store" in page["Cache-Control"]
        assert "no-referrer" not in page.text, "browsers would send `Origin: null`, and every form be refused"
    assert '<meta name="robots" content="noindex' in client.get(address(certificate)).text


def test_unknown_hidden_unmade_cancelled_and_malformed_answer_alike(
    client, learner, other_learner, certificate
):
    set_visibility(certificate, name_hidden=False, page_hidden=True, by=learner, at=timezone.now())
    unmade = reserved(other_learner, certificate.enrollment.course)
    codes = [certificate.public_id, unmade.public_id, "0" * 26, "short", "ü" * 26, "%01"]
    pages = [client.get(f"/v/{code}") for code in codes]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content.split(b"<main")[1].split(b"</main")[0] for page in pages}) == 1


def test_a_code_that_no_browser_sends_is_refused_at_the_door(client, certificate):
    assert client.get("/v/%00").status_code == 400


def test_revoked_says_so_with_the_public_reason_only(client, certificate, administrator):
    revoke(certificate, reason_code="data_error", reason_text="Secret.", by=administrator, at=timezone.now())
    page = client.get(address(certificate)).text
    assert 'class="state" data-kind="danger"' in page
    assert "<h1>Revoked</h1>" in page
    assert "Wrong data" in page
    assert "Secret." not in page
    assert administrator.full_name not in page


def test_expired_says_until_when(client, certificate):
    with erasing("a test lets time pass"):
        Certificate.objects.update(valid_from="2020-01-01T00:00Z", valid_until="2020-12-31T00:00Z")
    page = client.get(address(certificate)).text
    assert 'class="state" data-kind="warn"' in page
    assert "<h1>Expired</h1>" in page


def test_suspended_says_not_to_rely_on_it(client, certificate):
    Certificate.objects.update(state=Certificate.State.SUSPENDED)
    page = client.get(address(certificate)).text
    assert "<h1>Suspended</h1>" in page
    assert "Do not rely on it" in page


def test_replaced_leads_to_the_one_that_counts_and_hides_the_old_name(client, learner, certificate):
    Certificate.objects.filter(pk=certificate.pk).update(state=Certificate.State.SUPERSEDED)
    newer = issued(person("somebody"), certified_course("devices"))
    Certificate.objects.filter(pk=newer.pk).update(supersedes=certificate)
    page = client.get(address(certificate)).text
    assert "<h1>Replaced</h1>" in page
    assert f'href="/v/{newer.public_id}"' in page
    assert learner.full_name not in page


def test_hidden_name_is_not_said(client, learner, certificate):
    set_visibility(certificate, name_hidden=True, page_hidden=False, by=learner, at=timezone.now())
    page = client.get(address(certificate)).text
    assert learner.full_name not in page
    assert "does not show the name" in page


def test_nothing_about_the_person_but_the_name(client, learner, certificate):
    page = client.get(address(certificate)).text
    assert learner.email not in page
    assert str(learner.audit_ref) not in page


def test_demonstration_says_that_it_proves_nothing(client, learner, settings):
    settings.DEMONSTRATION = True
    page = client.get(address(issued(learner))).text
    assert "It proves nothing." in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_two_queries(client, count_queries, number):
    course = certified_course()
    certificates = [issued(person(f"person-{index}"), course) for index in range(number)]
    client.get("/verify/")  # the programme of every page is kept
    with count_queries(2):  # the certificate, whether its content has changed
        client.get(address(certificates[0]))


def test_page_starts_no_session(client, certificate):
    assert "sessionid" not in client.get(address(certificate)).cookies


def test_codes_cannot_be_tried_without_end(client, certificate):
    answers = [client.get("/v/" + "0" * 26).status_code for _ in range(60)]
    assert set(answers) == {404}
    refused = client.get(address(certificate))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert refused["Referrer-Policy"] == "same-origin"
    assert client.get(f"/api/v1/verify/{certificate.public_id}/").status_code == 429


@pytest.mark.parametrize("path", ["/v/{}", "/verify/"])
def test_looking_is_no_post(client, certificate, path):
    assert client.post(path.format(certificate.public_id)).status_code == 405


# --- By code ----------------------------------------------------------------------------------------------------------


def test_three_ways_are_offered(client, db):
    page = client.get("/verify/").text
    assert all(
        words in page for words in ("By its code", "By serial number and surname", "By the file itself")
    )


@pytest.mark.parametrize(
    "typed", ["{}", " {} ", "{}/", "https://example.org/v/{}", "https://example.org/V/{}/"]
)
def test_typed_or_pasted_code_leads_to_the_page(client, certificate, typed):
    response = client.get("/verify/", {"code": typed.format(certificate.public_id)})
    assert (response.status_code, response["Location"]) == (302, address(certificate))


def test_letters_that_look_like_digits_are_read_as_such(client, db):
    response = client.get("/verify/", {"code": "oOiIlL" + "a" * 20})
    assert response["Location"] == "/v/001111" + "A" * 20


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ABC", "this has 3"),
        ("A" * 25 + "U", "a character in it that no code has"),
        ("", "This field is required"),
        ("NLS-2026-000123-7", "This is the serial number"),
        ("\x00", "Null characters"),
        ("A" * 300, "at most 200"),
    ],
)
def test_what_can_be_no_code_is_said_at_once(client, db, count_queries, typed, words):
    client.get("/verify/")
    with count_queries(0):
        response = client.get("/verify/", {"code": typed})
    assert response.status_code == 422
    assert words in response.text


def test_serial_number_typed_for_a_code_need_not_be_typed_again(client, db):
    page = client.get("/verify/", {"code": "nls-2026-000123-7"}).text
    assert 'value="NLS-2026-000123-7"' in page


# --- By serial number -------------------------------------------------------------------------------------------------


def by_serial(client, serial, surname):
    return client.post("/verify/serial/", {"serial": serial, "surname": surname})


def test_serial_number_with_surname_leads_to_the_page(client, certificate):
    response = by_serial(client, f" {certificate.serial.lower()} ", "learner")
    assert (response.status_code, response["Location"]) == (302, address(certificate))


@pytest.mark.parametrize("surname", ["Ødegård", "Odegard", "ODEGARD", "Ödegård", "Jorgen Odegard"])
def test_a_surname_is_typed_as_the_keyboard_allows(client, learner, surname):
    learner.full_name = "Jørgen Ødegård"
    learner.save()
    certificate = issued(learner)
    assert by_serial(client, certificate.serial, surname).status_code == 302


def main_of(response) -> str:
    """The page without what was typed into it."""
    main = response.text.split("<main")[1].split("</main")[0]
    return (
        main.split("csrfmiddlewaretoken")[0] + main.split("Please look at this again")[1].split("</div>")[0]
    )


def test_number_that_exists_and_number_that_does_not_answer_alike(client, certificate):
    wrong_name = by_serial(client, certificate.serial, "Nobody")
    no_number = by_serial(client, "NLS-2026-000123-7", "Nobody")
    assert wrong_name.status_code == no_number.status_code == 422
    assert main_of(wrong_name) == main_of(no_number)


def test_serial_number_alone_never_answers(client, certificate):
    response = by_serial(client, certificate.serial, "")
    assert response.status_code == 422
    assert "This field is required" in response.text


def test_mistyped_serial_number_is_said_without_asking_the_database(client, db, count_queries):
    client.get("/verify/")
    with count_queries(0):
        response = by_serial(client, "NLS-2026-000123-8", "Learner")
    assert response.status_code == 422
    assert "mistyped" in response.text


def test_hidden_name_is_not_given_away_by_guessing(client, learner, certificate):
    set_visibility(certificate, name_hidden=True, page_hidden=False, by=learner, at=timezone.now())
    assert by_serial(client, certificate.serial, "Learner").status_code == 422


# --- By file ----------------------------------------------------------------------------------------------------------


def test_own_file_is_ours_and_unchanged(client, certificate):
    response = client.post("/verify/file/", {"file": file_of(certificate)})
    assert response.status_code == 200
    assert "Your file is ours and unchanged" in response.text
    assert "<h1>Valid</h1>" in response.text
    assert response["Referrer-Policy"] == "same-origin"


def test_own_file_of_a_revoked_certificate_does_not_stand(client, certificate, administrator):
    revoke(certificate, reason_code="data_error", reason_text="", by=administrator, at=timezone.now())
    page = client.post("/verify/file/", {"file": file_of(certificate)}).text
    assert "is no longer valid" in page
    assert "<h1>Revoked</h1>" in page


def test_one_changed_byte_cannot_be_confirmed(client, certificate):
    changed = SimpleUploadedFile("c.pdf", file_of(certificate).read() + b" ", "application/pdf")
    response = client.post("/verify/file/", {"file": changed})
    assert response.status_code == 422
    assert "This cannot be confirmed" in response.text
    assert "not valid" not in response.text


def test_hidden_certificate_is_not_confirmed_by_its_file(client, learner, certificate):
    set_visibility(certificate, name_hidden=False, page_hidden=True, by=learner, at=timezone.now())
    assert client.post("/verify/file/", {"file": file_of(certificate)}).status_code == 422


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 is no PDF", "This is not a PDF file"),
        (b"", "The submitted file is empty"),
        (b"%PDF-" + b"x" * 2_000_000, "larger than 2 MB"),
    ],
)
def test_wrong_files_are_refused_in_words(client, db, content, words):
    response = client.post("/verify/file/", {"file": SimpleUploadedFile("c.pdf", content)})
    assert response.status_code == 422
    assert words in response.text


def test_huge_upload_is_refused_before_it_is_read(client, db):
    class Unread(BytesIO):
        def read(self, *_size):
            raise AssertionError("read before its length was looked at")

        readline = read

    response = client.generic(
        "POST",
        "/verify/file/",
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH="500000000",
        **{"wsgi.input": Unread()},
    )
    assert response.status_code == 413
    assert "larger than 2 MB" in response.text


@pytest.mark.parametrize("length", ["many", "-1", "1e9", "٣", "9" * 30])
def test_a_length_that_is_no_number_is_a_bad_request(client, db, length):
    response = client.generic("POST", "/verify/file/", CONTENT_LENGTH=length)
    assert response.status_code == 400


def test_no_file_is_said(client, db):
    assert client.post("/verify/file/").status_code == 422


def test_two_people_with_one_file_name_get_their_own_answer(client, learner, other_learner):
    course = certified_course()
    for who in (learner, other_learner):
        certificate = publish_stand_in(reserved(who, course))
        assert certificate.serial in client.post("/verify/file/", {"file": file_of(certificate)}).text


@pytest.mark.parametrize("path", ["/verify/serial/", "/verify/file/"])
def test_asking_with_content_is_a_post(client, db, path):
    assert client.get(path).status_code == 405
