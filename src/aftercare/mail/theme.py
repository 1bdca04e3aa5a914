"""How a clinic's mail looks and who it says it is from."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from aftercare.errors import InvalidInput


@dataclass(frozen=True)
class Colours:
    """The palette, light and dark. Text on its ground keeps 4.5:1 (WCAG 1.4.3)."""

    brand: str = "#1f5f56"
    ground: str = "#f3efe8"
    sheet: str = "#ffffff"
    panel: str = "#edf4f1"
    ink: str = "#24302d"
    muted: str = "#56635f"
    line: str = "#d5ddd9"
    brand_dark: str = "#9ad9c8"
    ground_dark: str = "#121715"
    sheet_dark: str = "#1b2220"
    panel_dark: str = "#24302c"
    ink_dark: str = "#e9eeeb"
    muted_dark: str = "#b3c0bb"
    line_dark: str = "#3a4843"


@dataclass(frozen=True)
class Theme:
    """Everything of a clinic that a compiled email depends on. All of it is public: nothing about clients.

    `sender_name` may be a discreet one (the clinic's own name can reveal enough); `country` is an ISO 3166
    code in capitals; `public_base_url` and `logo_url` are https. The sequence's public name is no part of
    it: it is an argument of `compile_email`."""

    clinic_name: str
    sender_name: str
    sender_address: str
    reply_to: str
    reply_reader: str
    postal_address: str
    phone: str
    hours: str
    country: str
    list_id_domain: str
    public_base_url: str
    logo_url: str | None = None
    colours: Colours = field(default_factory=Colours)

    def __post_init__(self) -> None:
        """Refuses a link that is not https: mail must not downgrade anybody (standards section 3, row 23)."""
        for name in ("public_base_url", "logo_url"):
            url = getattr(self, name)
            if url is not None and not url.startswith("https://"):
                raise InvalidInput(name, "must start with https://")

    @property
    def version(self) -> str:
        """A hash of the content: equal themes have equal versions."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]
