"""What an overtaken form says otherwise, under the editor's own names."""

from tests.factories import World
from tests.web.staff.colleague import Colleague
from tests.web.staff.forms import form_to

PATH = "/sequences/after-your-visit"
EMAIL = f"{PATH}/steps/short-walk"


def test_two_tabs_of_one_editor_and_only_what_differs_is_listed(world: World, owner: Colleague) -> None:
    owner.post(f"{PATH}/draft")
    fields = form_to(owner.get(EMAIL).text, EMAIL)
    owner.post(EMAIL, fields | {"act": "save", "preheader": "The first tab."})
    answer = owner.post(EMAIL, fields | {"act": "save", "subject": "The second <b>tab</b>"})
    assert answer.status_code == 409
    assert "You saved this in another tab" in answer.text
    assert f'href="{EMAIL}">Back to the email' in answer.text
    typed = answer.text.partition("What you had typed")[2]
    assert "The second &lt;b&gt;tab&lt;/b&gt;" in typed
    assert typed.count("<textarea") == 2, "the subject, and the preheader that the first tab has changed"
