"""Every reason that the engine writes down can be read by people."""

import re
from pathlib import Path

from aftercare.domain.states import MessageState
from aftercare.flows.why_not import WHY_NOT
from aftercare.web.staff import reasons
from aftercare.web.staff.reasons import REASONS, STATES

SOURCE = Path(__file__).parents[3] / "src" / "aftercare"
WRITTEN = re.compile(
    r"""(?:reason=|reason = |Skip\(|Hold\(|Wait\([^,()]+, |skip=|plan_note=|note = )"([a-z_]+)\""""
)
NOT_SHOWN = {"restarted", "completed", "reserved"}
"""Why runs end; no email and no session carries these."""


def test_every_state_has_words() -> None:
    assert {str(state) for state in MessageState} == set(STATES)


def test_each_reason_is_worded_in_one_place() -> None:
    source = Path(reasons.__file__).read_text()
    own = re.findall(r'^    "(\w+)": ', source.partition("REASONS = ")[2], re.MULTILINE)
    assert len(own) == len(set(own))
    assert set(own) & set(WHY_NOT) == set()
    assert {key: REASONS[key] for key in WHY_NOT} == {key: why.brief for key, why in WHY_NOT.items()}


def test_every_reason_in_the_source_has_words() -> None:
    files = [path for layer in ("domain", "flows", "store") for path in (SOURCE / layer).rglob("*.py")]
    written = {word for path in files for word in WRITTEN.findall(path.read_text())}
    assert len(written) > 15
    assert written - NOT_SHOWN - set(REASONS) == set()
