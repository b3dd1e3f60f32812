"""Every mail of the product as it may turn out: long names, other scripts, few or many items."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.core.registry import MailSample, registry

from .render import Words, render

MANY = 20
LONG = "Adalbertine Friederike von und zu Hohenfels-Unterwaldmarkstein the Elder"
RIGHT_TO_LEFT = "ليلى بنت عبد الرحمن"

# Addresses, paths and moments are not what somebody typed.
_NOT_TYPED = re.compile(r"(https?:/)?/\S*|\d[\d .:,-]*")


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One mail in one variant."""

    template: str
    variant: str
    words: Words


def previews() -> Iterator[Preview]:
    """Each sample of each feature in each variant."""
    for sample in registry().every("mails"):
        for variant, facts in variants(sample):
            given = dict(facts)
            stop = given.pop("unsubscribe", None)
            words = render(sample.template, given, unsubscribe=stop)
            yield Preview(template=sample.template, variant=variant, words=words)


def variants(sample: MailSample) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The sample as given, with what people type replaced, and with other numbers of items."""
    facts = sample.facts
    yield "as-given", facts
    yield "long", _typed(facts, LONG)
    yield "right-to-left", _typed(facts, RIGHT_TO_LEFT)
    if any(isinstance(fact, list | tuple) for fact in facts.values()):
        yield "none", {name: _several(fact, 0) for name, fact in facts.items()}
        yield "one", {name: _several(fact, 1) for name, fact in facts.items()}
        yield "many", {name: _several(fact, MANY) for name, fact in facts.items()}


def _typed(fact: Any, text: str) -> Any:
    """The same fact with this text wherever it holds one."""
    if isinstance(fact, str):
        return fact if _NOT_TYPED.fullmatch(fact) else text
    if isinstance(fact, Mapping):
        return {name: _typed(part, text) for name, part in fact.items()}
    if isinstance(fact, list | tuple):
        return [_typed(part, text) for part in fact]
    if is_dataclass(fact) and not isinstance(fact, type):
        changed = {
            entry.name: _typed(getattr(fact, entry.name), text)
            for entry in fields(fact)
            if entry.init
        }
        return replace(fact, **changed)
    return fact


def _several(fact: Any, count: int) -> Any:
    if not isinstance(fact, list | tuple):
        return fact
    return (list(fact) * count)[:count]
