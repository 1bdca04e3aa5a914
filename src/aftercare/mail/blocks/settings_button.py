"""The way to her email settings."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aftercare.mail.blocks.base import Block, Text


class SettingsButton(Block):
    """Leads to the page of her email settings, under a link of her own; opening it changes nothing."""

    type: Literal["settings_button"]
    label: Text

    starter: ClassVar[Mapping[str, Any]] = {"label": "Open my email settings"}
