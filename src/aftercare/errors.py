"""The one tree of errors. Each says what is wrong and what to do next; where one is mapped to an exit
code or an HTTP status is decided at the edge (`cli`, `web.errors`), never here."""


class AftercareError(Exception):
    """Something that a person can act on. `str(error)` is fit to be shown: no personal data, no traceback."""


class InvalidInput(AftercareError):
    """A value cannot be accepted. `field` names it as its sender wrote it; the text says how to mend it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class NotFound(AftercareError):
    """The thing asked for does not exist, or belongs to another clinic (the two are not told apart)."""


class Conflict(AftercareError):
    """The request fights with how things stand now."""


class ContentError(AftercareError):
    """An email, block or sequence file cannot be used. The text names the file, the place and the fix."""


class ConfigurationError(AftercareError):
    """A setting is missing or wrong; the text names the `AFTERCARE_*` variable."""
