"""The archive: what went to everybody, for everybody, and nothing about anybody."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from aftercare.domain.segments import Segment
from aftercare.flows import newsletters
from aftercare.flows.newsletters import When
from aftercare.store import newsletters as rows
from aftercare.testing.inline import pass_time
from aftercare.testing.tables import table_hash
from tests.factories import World
from tests.web.conftest import MONDAY_14
from tests.web.signing_up import PAGE, opened
from tests.web.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
TUESDAY_10 = datetime.fromisoformat("2026-11-24T10:00")
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def sent(world: World, starter: str, segment: Segment | None = None) -> str:
    """An issue that is scheduled for Tuesday; its id."""
    with world.app.transaction() as db:
        now = world.app.clock.now()
        issue = newsletters.create(db, world.clinic_id, starter, by="sam", now=now)
        draft = newsletters.content(db, rows.get(db, world.clinic_id, issue.id))
        newsletters.schedule(
            db, world.clinic_id, issue.id, draft, When(TUESDAY_10), segment or Segment(), by="sam", now=now
        )
        return issue.id


@pytest.fixture
def public(world: World, visitor: Visitor) -> tuple[str, str]:
    """An issue that went to everybody, and one that went to those who read Spanish."""
    opened(world, shows_archive=True)
    world.add_client("nina@example.com", first_name="Nina", topics=("newsletter",))
    return sent(world, "issue-1"), sent(world, "issue-2", Segment(language="es"))


def test_an_issue_is_there_when_it_has_gone_out_and_one_for_some_never_is(
    world: World, visitor: Visitor, public: tuple[str, str]
) -> None:
    everybody, some = public
    assert "There is no issue here yet" in visitor.get(f"{PAGE}/archive").text
    assert visitor.get(f"{PAGE}/archive/{everybody}").status_code == 404
    pass_time(world.app, MONDAY_14 + timedelta(days=5))
    listed = visitor.get(f"{PAGE}/archive").text
    assert f"{PAGE}/archive/{everybody}" in listed
    assert "Tuesday 24 November 2026" in listed
    assert some not in listed
    assert visitor.get(f"{PAGE}/archive/{some}").status_code == 404
    assert some not in visitor.get(f"{PAGE}/feed.xml").text


def test_an_issue_reads_as_for_somebody_whom_nobody_knows(
    world: World, visitor: Visitor, public: tuple[str, str]
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(days=5))
    page = visitor.get(f"{PAGE}/archive/{public[0]}")
    assert "Hello there," in page.text
    assert "Why bodywork can stir feelings" in page.text
    assert "Not medical or psychological advice" in page.text
    assert not re.search(
        r"Nina|nina@|/u/|/v/|/s/|{{|<img|<script|https?://(?!doi\.org)\S+\.(gif|png)", page.text
    )
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


def test_what_somebody_has_written_into_an_issue_runs_nothing(
    world: World, visitor: Visitor, public: tuple[str, str]
) -> None:
    with world.app.transaction() as db:
        now = world.app.clock.now()
        issue = newsletters.create(db, world.clinic_id, "blank", subject='News < & "more"', by="sam", now=now)
        draft = newsletters.content(db, rows.get(db, world.clinic_id, issue.id))
        when = When(TUESDAY_10)
        newsletters.schedule(db, world.clinic_id, issue.id, draft, when, Segment(), by="sam", now=now)
    pass_time(world.app, MONDAY_14 + timedelta(days=5))
    for path in ("archive", f"archive/{issue.id}"):
        text = visitor.get(f"{PAGE}/{path}").text
        assert "News &lt; &amp;" in text
    entries = feed_of(visitor).findall("a:entry/a:title", ATOM)
    assert 'News < & "more"' in {title.text for title in entries}


def test_the_feed_has_what_rfc_4287_wants_and_nothing_about_anybody(
    world: World, visitor: Visitor, public: tuple[str, str]
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(days=5))
    answer = visitor.get(f"{PAGE}/feed.xml?lang=en")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    feed = feed_of(visitor)
    [entry] = feed.findall("a:entry", ATOM)
    for part in (feed, entry):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"a:{name}", ATOM)) == 1, name
        assert str(part.findtext("a:id", "", ATOM)).startswith("tag:aftercare.example,2026-11-23:")
        assert RFC_3339.fullmatch(str(part.findtext("a:updated", "", ATOM)))
    assert feed.findtext("a:author/a:name", "", ATOM) == "Willow Lane Clinic"
    base = world.app.settings.public_url + PAGE
    hrefs = {(one.get("rel"), one.get("href")) for one in feed.findall("a:link", ATOM)}
    assert hrefs == {("self", f"{base}/feed.xml?lang=en"), ("alternate", f"{base}/archive?lang=en")}
    [link] = entry.findall("a:link", ATOM)
    assert visitor.get(str(link.get("href")).removeprefix(world.app.settings.public_url)).status_code == 200
    assert entry.findtext("a:published", "", ATOM) == "2026-11-24T10:00:00Z"
    assert "nina" not in answer.text.lower()
    assert "@" not in answer.text


def test_the_ids_of_a_feed_stay_the_same(world: World, visitor: Visitor, public: tuple[str, str]) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(days=5))
    first = [one.text for one in feed_of(visitor).iter(f"{{{ATOM['a']}}}id")]
    pass_time(world.app, MONDAY_14 + timedelta(days=50))
    assert [one.text for one in feed_of(visitor).iter(f"{{{ATOM['a']}}}id")] == first


def test_a_closed_archive_is_nowhere_and_reading_it_changes_nothing(
    world: World, visitor: Visitor, public: tuple[str, str]
) -> None:
    pass_time(world.app, MONDAY_14 + timedelta(days=5))
    paths = [f"{PAGE}/archive", f"{PAGE}/archive/{public[0]}", f"{PAGE}/feed.xml"]
    before = table_hash(world.app.engine)
    for path in paths:
        assert {visitor.send(method, path).status_code for method in ("GET", "HEAD")} == {200}
    assert table_hash(world.app.engine) == before
    opened(world, shows_archive=False)
    assert {visitor.get(path).status_code for path in paths} == {404}


def feed_of(visitor: Visitor) -> ElementTree.Element:
    """The feed, parsed."""
    return ElementTree.fromstring(visitor.get(f"{PAGE}/feed.xml?lang=en").content)  # noqa: S314 - made by us
