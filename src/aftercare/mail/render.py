"""Jinja over the shipped templates. What staff write never reaches Jinja as a template, only as values."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from aftercare.errors import ContentError
from aftercare.mail import fields
from aftercare.mail.document import EmailDocument
from aftercare.mail.paths import templates_root
from aftercare.mail.scene import Scene
from aftercare.mail.support import FIND_A_HELPLINE, FIND_A_HELPLINE_URL
from aftercare.mail.wrapping import wrap

#: Turns a merge field that is not known when compiling into what stands for it.
Open = Callable[[fields.Field], str]


def render(template: str, document: EmailDocument, scene: Scene, open_field: Open, **outside: Any) -> str:
    """Render a shipped template (`.txt.j2` plain, all others HTML-escaped) over a document.

    `outside` are values that are no content: never searched for merge fields. Raises ContentError where a
    block or a field cannot be shown."""
    plain = template.endswith(".txt.j2")
    content = {
        "subject": document.subject,
        "preheader": document.preheader,
        "blocks": [block.view(scene) for block in document.blocks],
    }
    context = {
        **_filled(content, scene, open_field, plain=plain),
        "theme": scene.theme,
        "colours": scene.colours,
        "support": scene.support,
        "words": scene.words,
        "language": scene.language,
        "dir": scene.dir,
        "in_order": scene.in_order,
        **outside,
    }
    return _environment().get_template(template).render(context)


def _filled(value: Any, scene: Scene, open_field: Open, *, plain: bool) -> Any:
    """The same nesting with every merge field replaced; in HTML everything else is escaped."""
    if isinstance(value, dict):
        return {key: _filled(item, scene, open_field, plain=plain) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, scene, open_field, plain=plain) for item in value]
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    parts = [_shown(part, scene, open_field) for part in fields.parse(value, "text")]
    return "".join(parts) if plain else Markup("").join(parts)


def _shown(part: str | fields.Field, scene: Scene, open_field: Open) -> str:
    if isinstance(part, str):
        return part
    if part.name in fields.PERSONAL | fields.RUN:
        return open_field(part)
    value = scene.field_values().get(part.name, "")
    if not value:
        raise ContentError(
            f"{part.name} is empty. Fill it in for this clinic and country, or delete the field."
        )
    return value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_root()),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"phrase": phrase, "tel": _tel, "spoken": _spoken, "wrap": wrap}
    environment.globals |= {"helpline": FIND_A_HELPLINE, "helpline_url": FIND_A_HELPLINE_URL}
    return environment


@pass_eval_context
def phrase(context: EvalContext, words: str, **values: object) -> str:
    """A fixed phrase with its `{names}` filled in; in HTML the values are escaped."""
    return escape(words).format(**values) if context.autoescape else words.format(**values)


def _tel(number: str) -> str:
    """The part after `tel:` (RFC 3966): digits, and a leading plus."""
    return re.sub(r"(?!^\+)\D", "", number.strip())


def _spoken(number: str) -> str:
    """Digit by digit, as a screen reader should say a short number: `1 1 6, 1 2 3`."""
    return ", ".join(" ".join(group) for group in number.split())
