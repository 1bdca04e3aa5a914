"""Mail scanners open every link before the person does (standards section 2)."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aftercare.flows import consent_request
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.visitor import Visitor


def links_in(folder: Path, base: str) -> set[str]:
    """Every link to ourselves in header or body of the emails in a folder."""
    found: set[str] = set()
    for path in folder.rglob("*.eml"):
        email = message_from_bytes(path.read_bytes(), policy=default)
        parts = [part.get_content() for part in email.walk() if part.get_content_maintype() == "text"]
        text = "\n".join([str(email["List-Unsubscribe"]), *parts])
        found |= set(re.findall(re.escape(base) + r"(/[\w./~?=&%-]*)", text))
    return found


def test_a_storm_over_every_link_of_sent_emails_changes_no_row(
    world: World, maya: str, visitor: Visitor
) -> None:
    ravi = world.add_client("ravi@example.com", topics=())
    with world.app.transaction() as db:
        consent_request.ask(db, world.clinic_id, ravi, by="sam", now=MONDAY_14)
    pass_time(world.app, MONDAY_14 + timedelta(days=14))
    settings = world.app.settings
    links = links_in(settings.data_dir / "outbox", settings.public_url)
    assert {path.split("/")[1] for path in links} >= {"u", "c", "v", "k"}
    before = table_hash(world.app.engine)
    for path in sorted(links):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = visitor.send(method, path, headers={"Purpose": "prefetch"})
            assert answer.status_code == 200 or (method, answer.status_code) == ("OPTIONS", 405), path
    assert table_hash(world.app.engine) == before


def test_one_click_is_what_the_header_of_a_sent_email_does(world: World, maya: str, visitor: Visitor) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(hours=4))
    [path] = (world.app.settings.data_dir / "outbox").rglob("*.eml")
    email = message_from_bytes(path.read_bytes(), policy=default)
    url = str(email["List-Unsubscribe"]).strip("<>").removeprefix(world.app.settings.public_url)
    name, _, value = str(email["List-Unsubscribe-Post"]).partition("=")
    assert visitor.post(url, data={name: value}).status_code == 200
    states = {row.state for row in world.messages(maya)}
    assert states == {"sent", "cancelled"}
