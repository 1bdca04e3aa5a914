"""Guide pages and signs of life."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import World
from tests.web.visitor import Visitor


def test_every_guide_opens_for_anybody_under_the_strict_policy(world: World, visitor: Visitor) -> None:
    assert world.app.library.guides
    for slug, guide in world.app.library.guides.items():
        page = visitor.get(f"/guides/{slug}")
        assert page.status_code == 200, slug
        assert guide.title in page.text
        assert page.headers["cache-control"] == "public, max-age=3600"
        [nonce] = re.findall(r"style-src 'nonce-([\w-]+)'", page.headers["content-security-policy"])
        assert f'<style nonce="{nonce}">' in page.text
        assert "<script" not in page.text


def test_the_process_and_the_database_answer(world: World, visitor: Visitor) -> None:
    assert visitor.get("/healthz").json() == {"status": "ok"}
    assert visitor.get("/readyz").json() == {"status": "ok", "sweep_age_seconds": None}
    world.app.sweep()
    assert 0 <= visitor.get("/readyz").json()["sweep_age_seconds"] < timedelta(minutes=2).total_seconds()


def test_without_its_database_the_web_is_not_ready_but_alive(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("SELECT maya@example.com", None, Exception())

    monkeypatch.setattr(world.app, "reading", away)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "maya" not in answer.text
    assert visitor.get("/healthz").status_code == 200


def test_the_interface_describes_itself_and_loads_nothing_foreign(visitor: Visitor) -> None:
    schema = visitor.get("/api/openapi.json").json()
    log = schema["paths"]["/api/v1/sessions"]["post"]
    assert "application/problem+json" in log["responses"]["4XX"]["content"]
    assert "422" not in log["responses"]
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert visitor.get(path).status_code == 404
