"""Pins, folders, archive, selections and temporary chats, by mouse and keyboard, in two tabs."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from conversations.actions import folders
from conversations.models import Connection, Conversation, Folder, User
from tests.branches import conversation_of
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.browser.watching import until
from tests.conftest import wait_for
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def talks(live_site: LiveSite, alice: User) -> dict[str, Conversation]:
    """Three conversations that were answered and read, the newest last."""
    now = timezone.now()
    return {
        title: conversation_of(alice, title=title, answered_at=now, read_at=now)
        for title in ("First", "Second", "Third")
    }


@pytest.fixture
def work(alice: User, live_site: LiveSite) -> Folder:
    return folders.create(alice, "Work")


@pytest.fixture
def tab(
    context: BrowserContext, live_site: LiveSite, alice: User, talks: dict[str, Conversation]
) -> Page:
    sign_in(context, live_site, alice)
    return opened(context, live_site)


def opened(context: BrowserContext, site: LiveSite, path: str = "/") -> Page:
    page = context.new_page()
    page.goto(site.url + path)
    ready(page)
    return page


def row(page: Page, title: str) -> Locator:
    return page.locator(".conv").filter(has=page.get_by_role("link", name=title))


def in_pinned(page: Page) -> Locator:
    return page.locator("[data-group=pinned] .conv .conv__title")


def choose(page: Page, title: str, item: str) -> None:
    """Open the menu of a row and press an item, by keyboard alone."""
    row(page, title).get_by_role("link").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    target = page.locator("#row-menu").get_by_role("button", name=item, exact=True)
    expect(target).to_be_visible()
    target.focus()
    page.keyboard.press("Enter")


def test_pinned_and_archived_in_every_tab_and_back(
    tab: Page, context: BrowserContext, live_site: LiveSite
) -> None:
    other = opened(context, live_site)
    choose(tab, "First", "Pin")
    for page in (tab, other):
        expect(in_pinned(page)).to_have_text(["First"])
    choose(other, "First", "Unpin")
    for page in (tab, other):
        expect(page.locator("[data-group=pinned]")).to_be_hidden()
        expect(row(page, "First")).to_have_count(1)
    choose(tab, "Second", "Archive")
    for page in (tab, other):
        expect(row(page, "Second")).to_have_count(0)
    tab.locator(".toast").filter(has_text="archived").get_by_role("button", name="Undo").click()
    for page in (tab, other):
        expect(row(page, "Second")).to_have_count(1)


def test_unread_until_it_is_opened(tab: Page) -> None:
    choose(tab, "First", "Mark as unread")
    expect(row(tab, "First").get_by_role("img", name="New reply")).to_be_visible()
    row(tab, "First").get_by_role("link").click()
    tab.wait_for_url("**/c/**")
    expect(row(tab, "First").get_by_role("img", name="New reply")).to_be_hidden()


def test_into_a_new_folder_by_keys_alone(tab: Page, context: BrowserContext) -> None:
    choose(tab, "First", "Move to folder…")
    dialog = tab.get_by_role("dialog", name="Move to folder")
    expect(dialog.get_by_role("searchbox", name="Find a folder")).to_be_focused()
    dialog.get_by_role("textbox", name="New folder").focus()
    tab.keyboard.type("Plans")
    tab.keyboard.press("Enter")
    folder = tab.locator(".folder").filter(has_text="Plans")
    expect(folder).to_have_count(1)
    expect(row(tab, "First")).to_have_count(0)
    folder.get_by_role("link", name="Plans").focus()
    tab.keyboard.press("Enter")
    expect(folder.locator(".conv__title").filter(has_text="First")).to_be_visible()
    expect(folder.get_by_role("link", name="Plans")).to_have_attribute("aria-expanded", "true")
    expect(folder.get_by_role("link", name="Plans")).to_be_focused()
    tab.reload()
    expect(folder.locator(".conv__title").filter(has_text="First")).to_be_visible()


def test_dragged_onto_a_folder_and_out_again(tab: Page, work: Folder) -> None:
    tab.reload()
    ready(tab)
    folder = tab.locator(".folder").filter(has_text="Work")
    row(tab, "First").get_by_role("link").drag_to(folder.get_by_role("link", name="Work"))
    expect(row(tab, "First")).to_have_count(0)
    folder.get_by_role("link", name="Work").click()
    expect(folder.locator(".conv")).to_have_count(1)
    row(tab, "First").get_by_role("link").drag_to(row(tab, "Third"))
    expect(folder.locator(".conv")).to_have_count(0)
    expect(tab.locator("[data-recent] .conv")).to_have_count(3)


def names(page: Page) -> Locator:
    return page.locator("[data-folders] > ul > .folder > .folder__head [data-name]")


def test_folders_are_ordered_by_drag_and_by_keys(
    tab: Page, context: BrowserContext, live_site: LiveSite, alice: User, work: Folder
) -> None:
    for name in ("Home", "Trips"):
        folders.create(alice, name)
    tab.reload()
    ready(tab)
    other = opened(context, live_site)
    tab.get_by_role("link", name="Trips").focus()
    tab.keyboard.press("Alt+ArrowUp")
    for page in (tab, other):
        expect(names(page)).to_have_text(["Work", "Trips", "Home"])
    expect(tab.get_by_role("link", name="Trips")).to_be_focused()
    target = tab.get_by_role("link", name="Work")
    tab.get_by_role("link", name="Home").drag_to(target, target_position={"x": 40, "y": 3})
    for page in (tab, other):
        expect(names(page)).to_have_text(["Home", "Work", "Trips"])
    tab.get_by_role("link", name="Trips").drag_to(target)
    for page in (tab, other):
        expect(names(page)).to_have_text(["Home", "Work"])
    assert Folder.objects.get(name="Trips").parent == work


def test_a_folder_is_renamed_and_deleted_from_its_menu(tab: Page, work: Folder) -> None:
    Conversation.objects.filter(title="First").update(folder=work)
    tab.reload()
    ready(tab)
    tab.get_by_role("link", name="Work").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.locator("#folder-menu").get_by_role("button", name="Rename").press("Enter")
    tab.keyboard.type("Play")
    tab.keyboard.press("Enter")
    expect(names(tab)).to_have_text(["Play"])
    wait_for(lambda: Folder.objects.filter(name="Play").exists())
    more, menu = tab.locator(".folder .conv__more"), tab.locator("#folder-menu")

    def is_open() -> bool:
        # Pressed again if need be, because the renamed folder may be rendered anew at that moment.
        if not menu.is_visible():
            more.press("Enter")
        return menu.is_visible()

    until(is_open, tab)
    menu.get_by_role("button", name="Delete").press("Enter")
    dialog = tab.get_by_role("dialog", name="Delete the folder “Play”?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(names(tab)).to_have_count(0)
    expect(row(tab, "First")).to_have_count(1)


def test_several_at_once_by_keys_alone(
    tab: Page, context: BrowserContext, live_site: LiveSite
) -> None:
    other = opened(context, live_site)
    choose(tab, "Third", "Select")
    bar = tab.get_by_role("group", name="Selected conversations")
    expect(bar).to_contain_text("1 selected")
    tab.keyboard.press("Shift+ArrowDown")
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Delete").press("Enter")
    for page in (tab, other):
        expect(page.locator(".conv__title")).to_have_text(["First"])
    expect(bar).to_be_hidden()
    tab.locator(".toast").get_by_role("button", name="Undo").press("Enter")
    for page in (tab, other):
        expect(page.locator("[data-recent] .conv")).to_have_count(3)


def test_a_stretch_by_shift_and_out_by_escape(tab: Page) -> None:
    choose(tab, "Third", "Select")
    row(tab, "First").get_by_role("link").click(modifiers=["Shift"])
    bar = tab.get_by_role("group", name="Selected conversations")
    expect(bar).to_contain_text("3 selected")
    assert "/c/" not in tab.url
    tab.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    expect(tab.locator(".conv__check:checked")).to_have_count(0)


def test_lists_without_scripts(
    browser: Browser, live_site: LiveSite, alice: User, talks: dict[str, Conversation], work: Folder
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(f"{live_site.url}/conversations/")
    main = page.get_by_role("main")
    for title in ("First", "Second"):
        main.get_by_label(f"Select {title}").check()
    main.get_by_label("Move to folder").select_option("Work")
    main.get_by_role("button", name="Move", exact=True).click()
    expect(main.get_by_role("status")).to_have_text("2 conversations moved")
    page.get_by_role("link", name="Work").first.click()
    page.wait_for_url("**/folders/**")
    main.get_by_label("Select First").check()
    main.get_by_role("button", name="Delete", exact=True).click()
    page.goto(f"{live_site.url}/conversations/deleted/")
    expect(main).to_contain_text("30 days left")
    main.get_by_label("Select First").check()
    main.get_by_role("button", name="Restore").click()
    expect(main).to_contain_text("Nothing was deleted")
    context.close()


def test_a_temporary_chat_is_marked_and_leaves_nothing(
    tab: Page, upstream_connection: Connection, context: BrowserContext, live_site: LiveSite
) -> None:
    other = opened(context, live_site)
    tab.get_by_role("link", name="Temporary chat").click()
    expect(tab.get_by_role("heading", name="Temporary chat")).to_be_visible()
    expect(tab.get_by_role("main")).to_contain_text("This chat isn’t saved.")
    send(tab, "What nobody shall know")
    tab.wait_for_url("**/c/**")
    expect(tab.locator("article[data-status=completed][data-role=assistant]")).to_have_count(1)
    expect(tab.get_by_role("note")).to_contain_text("administrators can read it")
    for page in (tab, other):
        expect(page.locator("[data-recent] .conv")).to_have_count(3)
    assert tab.evaluate("Object.keys(localStorage).length") == 0
    tab.reload()
    expect(tab.locator("article[data-role=user]")).to_have_count(1)
    tab.get_by_role("button", name="End and erase").click()
    tab.wait_for_url(re.compile(r"/\?deleted="))
    assert not Conversation.objects.filter(is_temporary=True).exists()


def test_axe_finds_nothing_in_what_opens(tab: Page, work: Folder, alice: User) -> None:
    tab.emulate_media(reduced_motion="reduce")
    for code in ("en", "zh-hans"):
        User.objects.update(language=code)
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            tab.goto(tab.url)
            ready(tab)
            tab.locator(".folder__link").click()
            expect(tab.locator(".folder__link")).to_have_attribute("aria-expanded", re.compile("."))
            tab.locator(".conv .conv__more").first.focus()
            tab.keyboard.press("Enter")
            expect(tab.locator("#row-menu")).to_be_visible()
            found = violations(tab)
            tab.locator("#row-menu [data-select]").press("Enter")
            found += violations(tab)
            tab.locator("selection-bar [data-move]").press("Enter")
            expect(tab.locator("move-dialog dialog")).to_be_visible()
            assert found + violations(tab) == []
