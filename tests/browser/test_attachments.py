"""Files that a user picks, pastes and drops."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from conversations.models import Attachment, Connection, LanguageModel, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.file_reading.files import picture
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GIVE = """([kind, name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type }));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector("#text").dispatchEvent(event);
}"""


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    ready(page)
    return page


def pick(page: Page, tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    page.get_by_label("Attach files").set_input_files(file)


def give(page: Page, kind: str, name: str, content: bytes) -> None:
    page.evaluate(GIVE, [kind, name, "text/plain", base64.b64encode(content).decode()])


def test_picked_pasted_and_dropped_files_go_with_the_message(
    chat: Page, tmp_path: Path, fake_upstream: FakeUpstream
) -> None:
    pick(chat, tmp_path, "picked.txt", b"One")
    give(chat, "paste", "pasted.txt", b"Two")
    give(chat, "dragover", "dropped.txt", b"Three")
    expect(chat.get_by_text("Drop files to attach")).to_be_visible()
    give(chat, "drop", "dropped.txt", b"Three")
    expect(chat.get_by_text("Drop files to attach")).to_be_hidden()
    files = chat.get_by_role("list", name="Attachments").get_by_role("listitem")
    expect(files.filter(has_text="tokens")).to_have_count(3)
    assert violations(chat) == []
    files.filter(has_text="pasted.txt").get_by_role("button", name="Remove pasted.txt").click()
    expect(files).to_have_count(2)
    send(chat, "What is in them?")
    chat.wait_for_url("**/c/**")
    wait_for(lambda: fake_upstream.bodies)
    content = fake_upstream.bodies[0]["messages"][0]["content"]
    assert "One" in content
    assert "Three" in content
    assert "Two" not in content
    slip = chat.locator("article[data-role=user]")
    expect(slip.get_by_role("link", name="picked.txt")).to_be_visible()
    expect(chat.locator("attachment-list li")).to_have_count(0)


def test_files_are_seen_while_a_message_is_edited_and_go_along(
    chat: Page, tmp_path: Path, fake_upstream: FakeUpstream
) -> None:
    pick(chat, tmp_path, "notes.txt", b"Ravens fly at dusk")
    files = chat.get_by_role("list", name="Attachments").get_by_role("listitem")
    expect(files.filter(has_text="tokens")).to_have_count(1)
    send(chat, "What is in them?")
    answer = chat.locator("article[data-role=assistant]")
    expect(answer).to_have_attribute("data-status", "completed")
    chat.locator("article[data-role=user]").get_by_role("button", name="Edit").click()
    form = chat.locator("turn-editor form")
    expect(form.get_by_role("link", name="notes.txt")).to_be_visible()
    form.get_by_role("textbox").fill("And who flies?")
    form.get_by_role("button", name="Send").click()
    wait_for(lambda: len(fake_upstream.bodies) == 2)
    content = fake_upstream.bodies[1]["messages"][0]["content"]
    assert "Ravens fly at dusk" in content
    assert "And who flies?" in content
    slip = chat.locator("article[data-role=user]")
    expect(slip.get_by_role("link", name="notes.txt")).to_be_visible()
    expect(answer).to_have_attribute("data-status", "completed")


def test_what_cannot_be_read_and_what_a_model_cannot_see_is_told_at_once(
    chat: Page, tmp_path: Path
) -> None:
    LanguageModel.objects.filter(name="gpt-5.4").update(sees_images=False)
    chat.reload()
    ready(chat)
    pick(chat, tmp_path, "data.bin", b"\x00\x01")
    expect(chat.locator("attachment-list .is-refused")).to_contain_text("can’t be read")
    chat.get_by_role("button", name="Remove data.bin").click()
    pick(chat, tmp_path, "chart.png", picture())
    expect(chat.locator("attachment-list .is-refused")).to_contain_text(
        "gpt-5.4 can’t see images. Choose another model."
    )
    send(chat, "What is it?")
    expect(chat.locator("#composer-note")).to_contain_text("can’t see images")
    expect(chat.get_by_role("textbox", name="Message", exact=True)).to_have_value("What is it?")
    expect(chat.locator("attachment-list li")).to_have_count(1)


@pytest.mark.parametrize("role", [User.Role.MEMBER, User.Role.ADMINISTRATOR])
def test_who_may_change_it_is_led_to_the_switch(
    chat: Page, tmp_path: Path, alice: User, role: User.Role
) -> None:
    LanguageModel.objects.filter(name="gpt-5.4").update(sees_images=False)
    User.objects.filter(pk=alice.pk).update(role=role)
    chat.reload()
    ready(chat)
    pick(chat, tmp_path, "chart.png", picture())
    expect(chat.locator("attachment-list .is-refused")).to_be_visible()
    link = chat.get_by_role("link", name="Change this")
    if role == User.Role.MEMBER:
        expect(link).to_have_count(0)
        return
    link.click()
    chat.get_by_label("Sees images").select_option("yes")
    chat.get_by_role("button", name="Save", exact=True).click()
    expect(chat.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    assert LanguageModel.objects.get(name="gpt-5.4").sees_images is True


def test_refused_images_can_be_left_out(
    chat: Page, tmp_path: Path, fake_upstream: FakeUpstream
) -> None:
    LanguageModel.objects.filter(name="gpt-5.4").update(sees_images=None)
    fake_upstream.script(behaviours.fail(400, "This model does not support image input."))
    pick(chat, tmp_path, "chart.png", picture())
    expect(chat.locator("attachment-list img")).to_be_visible()
    send(chat, "What is it?")
    expect(chat.get_by_role("alert")).to_contain_text("gpt-5.4 can’t see images")
    chat.get_by_role("button", name="Send without images").click()
    answer = chat.locator("article[data-role=assistant]").last
    expect(answer).to_have_attribute("data-status", "completed")
    assert "reads none" in str(fake_upstream.bodies[-1]["messages"])


def test_files_wait_through_a_reload_and_an_image_is_shown(
    chat: Page, tmp_path: Path, live_site: LiveSite
) -> None:
    pick(chat, tmp_path, "chart.png", picture())
    expect(chat.locator("attachment-list img")).to_be_visible()
    chat.reload()
    ready(chat)
    expect(chat.locator("attachment-list li")).to_have_count(1)
    expect(chat.locator("attachment-list .is-refused")).to_have_count(0)
    send(chat, "")
    chat.wait_for_url("**/c/**")
    image = chat.locator("article[data-role=user] img")
    expect(image).to_have_attribute("alt", "chart.png")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    assert violations(chat) == []


def test_without_scripts_files_are_picked_and_sent(
    browser: Browser,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    tmp_path: Path,
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    pick(page, tmp_path, "notes.txt", b"Hello")
    page.get_by_role("textbox", name="Message", exact=True).fill("Look")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/c/**")
    expect(page.get_by_role("link", name="notes.txt")).to_be_visible()
    assert Attachment.objects.get().message
    context.close()
