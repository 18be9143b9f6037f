from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from conversations import file_store
from conversations.models import (
    Attachment,
    AuditEntry,
    Connection,
    Conversation,
    LanguageModel,
    Message,
    User,
)
from tests.file_reading.files import pdf, picture

SignedIn = Callable[[User], Client]
JSON = {"Accept": "application/json"}


def upload(client: Client, content: bytes = b"a,b\n1,2", name: str = "data.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/attachments/", {"file": file}, headers=JSON)


def send(client: Client, url: str = "/c/", **fields: Any) -> Any:
    return client.post(url, {"text": "Look", "model": "gpt-5.4", **fields}, headers=JSON)


@pytest.fixture
def seeing(db: None) -> LanguageModel:
    LanguageModel.objects.filter(name="gpt-5.4").update(sees_images=False)
    return LanguageModel.objects.get(name="gpt-4o")


def test_a_file_is_taken_in_and_told_of(alice: User, signed_in: SignedIn) -> None:
    answer = upload(signed_in(alice), b"word " * 400, "C:\\Reports\\Q4 \u202egnp.txt")
    assert answer.status_code == 201
    told = answer.json()
    assert told["name"] == "Q4 gnp.txt"
    assert told["kind"] == "text"
    assert "≈" in told["facts"]
    row = Attachment.objects.get()
    assert (str(row.pk), row.owner, row.message) == (told["id"], alice, None)
    path = file_store.path_of(row.digest)
    assert path.read_bytes() == b"word " * 400
    assert "Q4" not in str(path)


@pytest.mark.parametrize(
    "refusal",
    [
        (b"", 422, "The file is empty."),
        (b"\x00\x01", 422, "This kind of file can’t be read."),
        (b"x" * 3000, 413, "Larger than 2.0"),
        (pdf("x", password="y"), 422, "The PDF is locked."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    alice: User, signed_in: SignedIn, settings: Settings, refusal: tuple[bytes, int, str]
) -> None:
    content, status, sentence = refusal
    settings.MAX_ATTACHMENT_BYTES = 2048
    answer = upload(signed_in(alice), content)
    assert answer.status_code == status
    assert answer.json()["error"]["message"].startswith(sentence)
    assert not Attachment.objects.exists()


def test_it_goes_with_the_message_and_is_shown_there(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    client = signed_in(alice)
    first, second = (upload(client, name=name).json() for name in ("b.csv", "a.csv"))
    answer = send(client, attachment=[first["id"], second["id"]])
    assert answer.status_code == 201, answer.content
    message = Message.objects.get(role="user")
    assert [file.name for file in message.attachments.all()] == ["b.csv", "a.csv"]
    page = client.get(answer.json()["url"]).content.decode()
    assert first["url"] in page
    assert page.index("b.csv") < page.index("a.csv")


def test_files_alone_are_a_message_called_after_them(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    client = signed_in(alice)
    file = upload(client).json()
    assert send(client, text="", attachment=[file["id"]]).status_code == 201
    assert Conversation.objects.get().title == "data.csv"
    assert send(client, text=" ").status_code == 422


def test_somebody_elses_file_is_refused_like_one_that_is_not_there(
    alice: User, charlie: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    hers = upload(signed_in(alice)).json()
    client = signed_in(charlie)
    for file_id in (hers["id"], "00000000-0000-7000-8000-000000000000", "nonsense"):
        answer = send(client, attachment=[file_id])
        assert answer.status_code == 422
        assert "attach it again" in answer.json()["error"]["message"]
    assert client.get(hers["url"]).status_code == 404
    assert client.post(hers["deletion"]).status_code == 404
    assert not Conversation.objects.exists()
    sent = send(signed_in(alice), attachment=[hers["id"]])
    assert sent.status_code == 201
    assert send(signed_in(alice), attachment=[hers["id"]]).status_code == 422


def test_an_image_needs_a_model_that_reads_it(
    alice: User, signed_in: SignedIn, upstream_connection: Connection, seeing: LanguageModel
) -> None:
    client = signed_in(alice)
    file = upload(client, picture(), "chart.png").json()
    refused = send(client, attachment=[file["id"]])
    assert refused.status_code == 422
    assert "gpt-5.4 can’t see images." in refused.json()["error"]["message"]
    assert send(client, model="gpt-4o", attachment=[file["id"]]).status_code == 201


def test_too_many_files_are_refused(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    client = signed_in(alice)
    ids = [upload(client).json()["id"] for _ in range(11)]
    answer = send(client, attachment=ids)
    assert answer.json()["error"]["code"] == "too_many_files"


def test_it_is_served_to_its_person_where_it_can_do_no_harm(
    alice: User, signed_in: SignedIn
) -> None:
    client = signed_in(alice)
    text = upload(client, b"<script>alert(1)</script>", "page.html").json()
    served = client.get(text["url"])
    assert served["Content-Type"] == "text/plain"
    assert served["Content-Disposition"] == 'attachment; filename="page.html"'
    image = client.get(upload(client, picture(), "chart.png").json()["url"])
    assert image["Content-Disposition"] == 'inline; filename="chart.png"'
    for response in (served, image):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].startswith("sandbox;")
        assert response["Cache-Control"] == "private, no-store"
    assert Client().get(text["url"]).status_code == 302


def test_it_goes_with_its_conversation(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    client = signed_in(alice)
    file = upload(client).json()
    sent = send(client, attachment=[file["id"]]).json()
    assert client.get(file["url"]).status_code == 200
    client.post(f"/c/{sent['conversation']}/deletion/")
    assert client.get(file["url"]).status_code == 404
    client.post(f"/c/{sent['conversation']}/restoration/")
    assert client.get(file["url"]).status_code == 200
    Conversation.objects.all().delete()
    assert not Attachment.objects.exists()


def test_an_administrator_sees_it_on_the_record_once(
    alice: User, rita: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    file = upload(signed_in(alice)).json()
    admin = signed_in(rita)
    assert admin.get(file["url"]).status_code == 404
    send(signed_in(alice), attachment=[file["id"]])
    for _ in range(3):
        assert admin.get(file["url"]).status_code == 200
    assert AuditEntry.objects.filter(kind="conversation_opened").count() == 1


def test_it_is_given_up_before_it_is_sent(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    file = upload(client).json()
    assert client.post(file["deletion"], headers=JSON).status_code == 204
    assert not Attachment.objects.exists()


def test_without_scripts_files_come_with_the_form(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    client = signed_in(alice)
    fields = {"text": "Look", "model": "gpt-5.4", "files": SimpleUploadedFile("a.txt", b"Hello")}
    assert client.post("/c/", fields).status_code == 302
    assert Attachment.objects.get().message == Message.objects.get(role="user")
    fields["files"] = SimpleUploadedFile("a.bin", b"\x00")
    refused = client.post("/c/", fields)
    assert refused.status_code == 422
    assert "a.bin: This kind of file can’t be read." in refused.content.decode()


def test_a_refused_message_keeps_its_files(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    fields = {"text": "Look", "model": "nothing", "files": SimpleUploadedFile("a.txt", b"Hello")}
    refused = signed_in(alice).post("/c/", fields)
    assert f'name="attachment" value="{Attachment.objects.get().pk}"' in refused.content.decode()


def test_a_page_costs_the_same_however_many_files(
    alice: User, signed_in: SignedIn, upstream_connection: Connection
) -> None:
    client = signed_in(alice)

    def queries(number: int) -> int:
        ids = [upload(client).json()["id"] for _ in range(number)]
        url = send(client, attachment=ids).json()["url"]
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    assert queries(1) == queries(10)
