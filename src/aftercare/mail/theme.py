"""How a clinic's mail looks and who it says it is from."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field

from aftercare.errors import InvalidInput
from aftercare.mail.colours import Colours

_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\uf8ff]")
_HTTPS = re.compile(r"https://[!#-;=?-\[\]_a-z~]+")
_SANDBOX = re.compile(r"http://(127\.0\.0\.1|localhost)(:[0-9]+)?")


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
        """Raises InvalidInput for links that are not https (standards section 3, row 23), odd characters."""
        for name in ("public_base_url", "logo_url"):
            url = getattr(self, name)
            ours = name == "public_base_url" and _SANDBOX.fullmatch(url)
            if url is not None and not ours and not _HTTPS.fullmatch(url):
                raise InvalidInput(name, "must be an https:// address in ASCII without spaces and quotes")
        for name, value in asdict(self).items():
            if isinstance(value, str) and _ODD.search(value):
                raise InvalidInput(name, "must not contain control or private-use characters")

    @property
    def version(self) -> str:
        """A hash of the content: equal themes have equal versions."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]
