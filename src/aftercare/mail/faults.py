"""What a value in a file is not, in the words of the person who wrote the file."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

#: By pydantic's name of the fault; names in braces are filled in from what it found.
_SAID = {
    "extra_forbidden": "unknown key. Delete it or correct its spelling.",
    "missing": "is missing. Add it.",
    "string_type": "must be text. Put it in quotes.",
    "string_too_short": "is empty. Write something.",
    "string_too_long": "is longer than {max_length} characters. Cut it.",
    "string_pattern_mismatch": "may be 1 to 60 letters, digits, hyphens and underscores. Correct it.",
    "too_short": "needs at least {min_length}, and has {actual_length}. Add to it.",
    "too_long": "holds at most {max_length}, and has {actual_length}. Take some away.",
    "tuple_type": "must be a list. Begin each entry with a dash, on a line of its own.",
    "list_type": "must be a list. Begin each entry with a dash, on a line of its own.",
    "dict_type": "must have keys of its own. Write them below it, each with a colon.",
    "model_type": "must have keys of its own. Write them below it, each with a colon.",
    "model_attributes_type": "must have keys of its own. Write them below it, each with a colon.",
    "int_type": "must be a whole number. Write it in digits, such as 5.",
    "int_parsing": "must be a whole number. Write it in digits, such as 5.",
    "int_from_float": "must be a whole number. Write it in digits, such as 5.",
    "greater_than_equal": "must be {ge} or more. Correct it.",
    "less_than_equal": "must be {le} or less. Correct it.",
    "bool_type": "must be true or false. Write one of them.",
    "bool_parsing": "must be true or false. Write one of them.",
    "literal_error": "must be {expected}. Choose one.",
    "https": "must be one whole address that begins with https://. Change it.",
    "value_error": "{error}.",
}


def in_words(detail: ErrorDetails) -> str:
    """One fault that pydantic found: what is wrong, and the fix. Where it stands, the caller says."""
    words = _SAID.get(detail["type"])
    values: Mapping[str, Any] = detail.get("ctx", {})
    if words is None:
        return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}. Correct it."
    return words.format(**values)
