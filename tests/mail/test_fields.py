import pytest

from aftercare.errors import ContentError
from aftercare.mail.fields import ALL, CLINIC, PERSONAL, RUN, SUPPORT, Field, parse, texts

NOT_FIELDS = """
{{ 7*7 }}
{{''.__class__.__mro__}}
{{ config }}
{{ first_name | upper }}{{ x }}
{{ x|attr('format') }}
{{ first_name.__class__ | there }}
{{ first_name() | there }}
{{ first_name | default('x') }}
{{ first_name | there | upper }}
{{ first_name | <b>there</b> }}
{{ {{ first_name | there }} }}
{% for i in range(10**9) %}{% endfor %}
{% include '/etc/passwd' %}
{# hidden #}
{{ first_name | there
first_name }}
{{}}
{{ | there }}
{{ email | you }}
{{ env }}
{{ clinic }}
{{ first_name }}
{{ therapist.first_name | }}
{{ clinic.name | us }}
{{ run.days | 3 }}
a\x00b
a\x1bb
\ue000
""".strip().splitlines()


@pytest.mark.parametrize("text", NOT_FIELDS)
def test_anything_but_a_plain_allowed_field_is_an_error_with_its_place(text: str) -> None:
    with pytest.raises(ContentError, match=r"^mail\.yaml: blocks\[0\]"):
        parse(text, "mail.yaml: blocks[0]")


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_a_personal_field_needs_a_fallback_and_the_error_shows_how(name: str) -> None:
    assert parse(f"Hi {{{{ {name} | there }}}}!", "x") == ("Hi ", Field(name, "there"), "!")
    with pytest.raises(ContentError, match=rf"Write \{{\{{ {name} \| there \}}\}}"):
        parse(f"{{{{{name}}}}}", "x")


@pytest.mark.parametrize("name", sorted(CLINIC | SUPPORT | RUN))
def test_all_other_fields_stand_alone(name: str) -> None:
    assert parse(f"{{{{ {name} }}}}", "x") == (Field(name),)


@pytest.mark.parametrize("text", ["", "a { b } c", "${x}", "50% } of", "<script>", "a | b", "\n\t"])
def test_other_signs_are_plain_text(text: str) -> None:
    assert "".join(str(p) for p in parse(text, "x")) == text


def test_an_unknown_field_is_answered_with_the_list() -> None:
    with pytest.raises(ContentError) as caught:
        parse("{{ surname | you }}", "x")
    assert all(name in str(caught.value) for name in ALL)


def test_texts_are_found_at_any_depth_with_their_place() -> None:
    found = list(texts({"a": "1", "b": [{"c": "2"}, ("3",)], "d": 4, "e": None}))
    assert found == [("a", "1"), ("b[0].c", "2"), ("b[1][0]", "3")]
