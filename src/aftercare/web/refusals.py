"""Requests that are turned away, whoever asks; `errors` says how."""

from aftercare.errors import AftercareError


class Unauthorised(AftercareError):
    """No token, or one that is unknown or revoked."""

    def __init__(self) -> None:
        super().__init__("Send the clinic's API token as 'Authorization: Bearer act_...'.")


class NotSignedIn(AftercareError):
    """Nobody is signed in, or the login ended; `path` is where to go on afterwards, `was_typing`: with a form
    that was not saved."""

    def __init__(self, path: str, *, was_typing: bool = False) -> None:
        super().__init__("Please sign in.")
        self.path = path
        self.was_typing = was_typing


class NotAllowed(AftercareError):
    """Her role does not cover this, which takes the role `needed` or a higher one."""

    def __init__(self, role: str, needed: str) -> None:
        may = "can look, but not do this" if role == "viewer" else "does not cover this"
        super().__init__(
            f"Your role, {role}, {may}: it takes {needed if needed == 'owner' else f'{needed} or higher'}. "
            "Ask the owner of your clinic's account."
        )
