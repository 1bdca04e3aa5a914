"""Faults of an email, as editors read them."""

import pytest

from aftercare.errors import ContentError
from aftercare.mail import fields
from aftercare.web.staff import emails_words

CASES = (
    ("Hi {{7*7}}.", "We do not know {{7*7}}. Use “Put in a name”."),
    (
        "Hi {{ first_name }}.",
        "A first name needs words to stand in, such as {{ first_name | there }}.",
    ),
    (
        "{{ therapist.first_name }}",
        "A first name needs words to stand in, such as {{ therapist.first_name | there }}.",
    ),
    ("{{ clinic.name | us }}", "Everybody has one, so write only {{ clinic.name }}."),
    ("Hi {% if %}", "Take out '{%'. Use “Put in a name”."),
)


@pytest.mark.parametrize(("text", "said"), CASES)
def test_a_wrong_merge_field_is_explained_in_the_editors_words(text: str, said: str) -> None:
    with pytest.raises(ContentError) as error:
        fields.parse(text, "after-your-visit.yaml: note (words).paragraphs.0")
    assert emails_words.fault(str(error.value)) == f"Text, 1: {said}"
    with pytest.raises(ContentError) as error:
        fields.parse(text, "after-your-visit.yaml: subject")
    assert emails_words.fault(str(error.value)) == said
