"""Into the app, for people who work at the clinic."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class AppButton(Block):
    """Leads colleagues to the page of the app where something waits; they sign in there. The address names
    nobody."""

    type: Literal["app_button"]
    label: Text

    starter: ClassVar[Mapping[str, Any]] = {"label": "Open Aftercare"}
