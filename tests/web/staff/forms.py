"""The forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.web.staff.colleague import Colleague

VALUELESS = ("checkbox", "radio")


@dataclass
class Form:
    """Where a form is sent, and what stands in it."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str | None, value: str | None) -> None:
        """One more value."""
        if name:
            self.fields.setdefault(name, []).append(value or "")


class _Reader(HTMLParser):
    """Collects forms; a button is no field before it is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = [Form("")]
        self.text: tuple[str, list[str]] | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form or a field begins."""
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("action") or ""))
        elif tag == "input" and (given.get("type") not in VALUELESS or "checked" in given):
            self.forms[-1].add(given.get("name"), given.get("value"))
        elif tag == "textarea":
            self.text = (given.get("name") or "", [])
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.select:
            chosen = self.forms[-1].fields
            if "selected" in given or self.select not in chosen:
                chosen[self.select] = [given.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        """A text or a choice ends."""
        if tag == "textarea" and self.text:
            name, pieces = self.text
            # The first line break of a textarea is none of its text (WHATWG HTML, 13.1.2.5).
            self.forms[-1].add(name, "".join(pieces).removeprefix("\n").replace("\n", "\r\n"))
            self.text = None
        if tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        """Words, which count inside of a text."""
        if self.text:
            self.text[1].append(data)


def form_to(html: str, path: str) -> dict[str, list[str]]:
    """The fields of the form of a page that is sent to `path`, whatever follows a question mark."""
    reader = _Reader()
    reader.feed(html)
    return next(form.fields for form in reader.forms if form.action.partition("?")[0] == path)


def draft_of(colleague: Colleague, slug: str = "after-your-visit") -> str:
    """Open a draft; its path."""
    path = f"/sequences/{slug}"
    assert colleague.post(f"{path}/draft").status_code == 303
    return path


def send(colleague: Colleague, page: str, form: str, **changes: str | list[str]) -> str:
    """Fill in a form of a page and send it; the page that follows. `__` in a name stands for a colon."""
    fields = form_to(colleague.get(page).text, form)
    for name, value in changes.items():
        fields[name.replace("__", ":")] = value if isinstance(value, list) else [value]
    answer = colleague.post(form, fields)
    if answer.status_code == 303:
        return colleague.get(answer.headers["location"].partition("#")[0]).text
    return answer.text
