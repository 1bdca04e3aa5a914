"""Which links look like buttons."""

from aftercare.mail.lint.dom import Node
from aftercare.mail.lint.styles import declared


def is_button(node: Node) -> bool:
    """Whether a link has a box of its own: a border, or a ground other than the text's."""
    style = dict(declared(node.attrs.get("style", "")))
    framed = style.get("border", "none").strip().lower() not in ("none", "0", "0px")
    ground = style.get("background", style.get("background-color", "transparent")).strip().lower()
    return framed or ground not in ("transparent", "none", "inherit")
