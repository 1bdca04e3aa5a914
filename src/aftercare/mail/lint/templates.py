"""The traps of MJML in our own templates, which its compiler (mrml) walks into without a word."""

import re
from collections.abc import Iterator, Mapping

from aftercare.mail.lint.wording import known

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"<(mj[\w-]*)((?:\"[^\"]*\"|[^>\"])*)>")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*\"")
_BARE = re.compile(r"&(?!\w+;|#\d+;|#x[0-9a-fA-F]+;)")
_HOSTS = re.compile(r"fonts\.(?:googleapis|gstatic)\.com|mailjet\.com|cdn\.mjml", re.IGNORECASE)


def faults(template: str) -> Iterator[str]:
    """What is wrong with the source of a `.mjml.j2` template, each with its fix."""
    source = _JINJA.sub("", template)
    attributes: Mapping[str, list[str]] = known("mjml")
    for found in _TAG.finditer(source):
        tag = found[1]
        if tag not in attributes:
            yield f"<{tag}> is no tag that we use. Correct it; includes and previews are not allowed."
            continue
        for name in _ATTRIBUTE.findall(found[2]):
            if name not in attributes[tag]:
                yield f"<{tag} {name}=...> has no effect. Correct its spelling, or style the HTML inside."
    for found in _BARE.finditer(source):
        yield f"a bare & before “{source[found.end() : found.end() + 10]}”. Write &amp;."
    for found in _HOSTS.finditer(source):
        yield f"loads something from {found[0]}. Use what every computer has."
