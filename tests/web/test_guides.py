"""Guide pages."""

import re

from tests.factories import World
from tests.web.one_database import database_url
from tests.web.visitor import Visitor

__all__ = ["database_url"]


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


def test_the_interface_describes_itself_and_loads_nothing_foreign(visitor: Visitor) -> None:
    schema = visitor.get("/api/openapi.json").json()
    log = schema["paths"]["/api/v1/sessions"]["post"]
    assert "application/problem+json" in log["responses"]["4XX"]["content"]
    assert "422" not in log["responses"]
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert visitor.get(path).status_code == 404
