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
    """Her role does not cover this."""

    def __init__(self, role: str) -> None:
        super().__init__(f"This needs the role {role} or higher. Ask the owner of your clinic's account.")
