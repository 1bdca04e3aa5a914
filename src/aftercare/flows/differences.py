"""What changes between two versions of a sequence, in words that an editor can check before publishing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aftercare.domain.steps import Step
from aftercare.domain.wording import conditions_in_words, span_in_words, trigger_in_words, wait_briefly
from aftercare.flows.block_names import SETTINGS, block_name, in_words, text_of
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.mail.blocks.base import Block

_HEAD = {
    "name": "The name for staff",
    "public_name": "The name that clients see",
    "trigger": "What starts it",
    "topic": "The topic",
    "purpose": "The purpose",
    "priority": "The priority",
    "reenrolment": "What happens to somebody who is in it already",
    "repeat_after": "The time until the whole series may come again",
    "exit_on": "What ends it early",
    "ambiguous": "What happens to an email that may have arrived",
}
_WHEN = {"always": "always", "first": "only on a first run", "returning": "only to those who return"}


@dataclass(frozen=True)
class Difference:
    """One change. `step` and `block` are keys, None where it is about the whole; `old` and `new` are texts to
    be shown side by side, None where there was or will be nothing."""

    step: str | None
    kind: str
    sentence: str
    old: str | None = None
    new: str | None = None
    block: str | None = None


@dataclass(frozen=True)
class _Pair:
    """A step that both versions have, with its email in each, and how sentences name it."""

    old: Step
    new: Step
    name: str


def between(old: SequenceFiles | None, new: SequenceFiles) -> list[Difference]:
    """What `new` changes, in the order of its steps; nothing where both say the same. Against None all is
    new."""
    if old is None:
        return [_added(new, step.key) for step in new.spec.steps]
    olds = {step.key: step for step in old.spec.steps}
    found = [*_head(old, new), *_removed_steps(old, new)]
    moved = _moved([step.key for step in old.spec.steps], [step.key for step in new.spec.steps])
    for step in new.spec.steps:
        if step.key not in olds:
            found.append(_added(new, step.key))
            continue
        pair = _Pair(olds[step.key], step, _named(new, step.key))
        if step.key in moved:
            found.append(_moved_step(pair, *moved[step.key]))
        found += [*_rules(pair, old, new), *_email(pair, old, new)]
    return found


def _head(old: SequenceFiles, new: SequenceFiles) -> Iterator[Difference]:
    for key, title in _HEAD.items():
        before, after = getattr(old.spec, key), getattr(new.spec, key)
        if before != after:
            was, becomes = _head_value(before), _head_value(after)
            yield Difference(None, "head", f"{title} changes from {was} to {becomes}", was, becomes)


def _head_value(value: Any) -> str:
    if value is None or value in ("", ()):
        return "nothing"
    if hasattr(value, "conditions"):
        return trigger_in_words(value)
    if hasattr(value, "total_seconds"):
        return span_in_words(value)
    return ", ".join(value) if isinstance(value, tuple) else f"“{value}”"


def _removed_steps(old: SequenceFiles, new: SequenceFiles) -> Iterator[Difference]:
    for step in old.spec.steps:
        if step.key not in new.emails:
            subject = old.emails[step.key].subject
            yield Difference(step.key, "step_removed", f"{_named(old, step.key)} is removed", subject, None)


def _added(new: SequenceFiles, key: str) -> Difference:
    step = next(step for step in new.spec.steps if step.key == key)
    goes_out = wait_briefly(step.wait, new.spec.trigger)
    sentence = f"{_named(new, key)} is new: goes out {goes_out}{_in_brackets(conditions_in_words(step))}"
    return Difference(key, "step_added", sentence, None, new.emails[key].subject)


def _moved_step(pair: _Pair, was: int, becomes: int) -> Difference:
    sentence = f"{pair.name} is moved from place {was} to {becomes}"
    return Difference(pair.new.key, "step_moved", sentence, str(was), str(becomes))


def _rules(pair: _Pair, old: SequenceFiles, new: SequenceFiles) -> Iterator[Difference]:
    was, becomes = (
        wait_briefly(pair.old.wait, old.spec.trigger),
        wait_briefly(pair.new.wait, new.spec.trigger),
    )
    if pair.old.wait != pair.new.wait:
        sentence = f"{pair.name}: goes out {becomes}, was {was}"
        yield Difference(pair.new.key, "wait", sentence, was, becomes)
    before, after = conditions_in_words(pair.old), conditions_in_words(pair.new)
    if before != after:
        said = [f"now {one}" for one in after if one not in before]
        said += [f"no longer {one}" for one in before if one not in after]
        sentence = f"{pair.name}: {'; '.join(said)}"
        yield Difference(pair.new.key, "options", sentence, "; ".join(before), "; ".join(after))


def _email(pair: _Pair, old: SequenceFiles, new: SequenceFiles) -> Iterator[Difference]:
    key = pair.new.key
    before, after = old.emails[key], new.emails[key]
    number = _number(new, key)
    for line in ("subject", "preheader"):
        was, becomes = getattr(before, line), getattr(after, line)
        if was != becomes:
            sentence = f"{line.capitalize()} of step {number} changes from “{was}” to “{becomes}”"
            yield Difference(key, line, sentence, was, becomes)
    yield from _blocks(key, pair.name, before.blocks, after.blocks)
    for tag in sorted({*before.translations, *after.translations}):
        if before.translations.get(tag) != after.translations.get(tag):
            yield _translated(pair, tag, before.translations.get(tag), after.translations.get(tag))
        elif before.translation(tag) is not None and after.translation(tag) is None:
            said = f"{pair.name}: its text in “{tag}” waits until it has the same blocks; they get English"
            yield Difference(key, "translation", said, str(after.translations[tag]["subject"]), after.subject)


def _translated(
    pair: _Pair, tag: str, was: Mapping[str, Any] | None, becomes: Mapping[str, Any] | None
) -> Difference:
    what = "is new" if was is None else "changes" if becomes is not None else "is removed"
    old, new = (None if one is None else str(one["subject"]) for one in (was, becomes))
    return Difference(pair.new.key, "translation", f"{pair.name}: its text in “{tag}” {what}", old, new)


def _blocks(step: str, name: str, old: Sequence[Block], new: Sequence[Block]) -> Iterator[Difference]:
    olds, news = {block.key: block for block in old}, {block.key: block for block in new}
    for key, block in olds.items():
        if key not in news:
            sentence = f"{name}: {in_words(block)} is removed"
            yield Difference(step, "block_removed", sentence, text_of(block), None, key)
    moved = _moved(list(olds), list(news))
    for key, block in news.items():
        if key not in olds:
            sentence = f"{name}: {in_words(block)} is new"
            yield Difference(step, "block_added", sentence, None, text_of(block), key)
            continue
        if key in moved:
            was, becomes = moved[key]
            sentence = f"{name}: {in_words(block)} is moved from place {was} to {becomes}"
            yield Difference(step, "block_moved", sentence, str(was), str(becomes), key)
        if block != olds[key]:
            sentence = f"{name}, {in_words(olds[key])}: {'; '.join(_block_changes(olds[key], block))}"
            yield Difference(step, "block", sentence, text_of(olds[key]), text_of(block), key)


def _block_changes(old: Block, new: Block) -> Iterator[str]:
    if old.type != new.type:
        yield f"is “{block_name(new.type)}” now, was “{block_name(old.type)}”"
        return
    before, after = old.model_dump(), new.model_dump()
    plain = [key for key in before if key in SETTINGS and before[key] != after[key]]
    if any(before[key] != after[key] for key in before if key not in SETTINGS):
        yield "text changed"
    for key in plain:
        yield _plain_change(key, before[key], after[key])


def _plain_change(key: str, was: Any, becomes: Any) -> str:
    match key:
        case "when":
            return f"shown {_WHEN[becomes]}, was {_WHEN[was]}"
        case "covers":
            return "other source items covered"
        case "from_" | "lighter_from":
            return "other questions to choose from"
    return f"{key} {becomes}, was {was}"


def _named(files: SequenceFiles, key: str) -> str:
    return f"Step {_number(files, key)} ({files.emails[key].subject})"


def _number(files: SequenceFiles, key: str) -> int:
    return [step.key for step in files.spec.steps].index(key) + 1


def _in_brackets(words: Sequence[str]) -> str:
    return f" ({'; '.join(words)})" if words else ""


def _moved(old: Sequence[str], new: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The fewest keys that must have moved, each with its old and new place (from 1): those outside the
    longest part of `new` that stands in its old order."""
    common = [key for key in new if key in old]
    chains: list[list[str]] = [[]]
    for key in common:
        before = [chain for chain in chains if not chain or old.index(chain[-1]) < old.index(key)]
        chains.append([*_longest(before), key])
    stayed = _longest(chains)
    return {key: (old.index(key) + 1, new.index(key) + 1) for key in common if key not in stayed}


def _longest(chains: Sequence[list[str]]) -> list[str]:
    lengths = [len(chain) for chain in chains]
    return chains[lengths.index(max(lengths))]
