"""How the Chinese is set: spaces, punctuation, digits."""

import re
from collections.abc import Iterator

from studykit.calculators.declare import Calculator, get, names
from tests.messages.test_catalog import entries, texts, written_catalog

HAN = r"[\u4e00-\u9fff]"
TOO_CLOSE = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9%]{HAN}")
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!)](?!\w)|{HAN}\(|{HAN}\.(?!\w)|[,;?!]{HAN}")
FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def declared(calculator: Calculator) -> Iterator[str]:
    """What a calculator's declaration says in Chinese."""
    yield from (calculator.zh, calculator.about_zh)
    yield from (each.zh for each in calculator.inputs)
    yield from (each.zh for each in calculator.outputs)
    yield from (each.zh for each in calculator.slips)


def ill_set(text: str) -> bool:
    return any(pattern.search(text) for pattern in (TOO_CLOSE, HALF_WIDTH, FULL_WIDTH))


def test_what_is_ill_set_is_seen() -> None:
    assert [
        text for text in ("共3张", "到期 3 张.", "到期,复习", "到期 ３ 张", "气泡率(total)") if not ill_set(text)
    ] == []
    assert not ill_set("quiz 块第 {line} 行：P=8 时为 30.4 %（total 口径）")


def test_messages_are_well_set() -> None:
    assert [text for message in entries(written_catalog()) for text in texts(message) if ill_set(text)] == []


def test_calculators_are_well_set() -> None:
    """A space between Chinese and Latin letters or digits, Chinese punctuation, half-width digits."""
    found = [text for name in names() for text in declared(get(name))]
    assert len(found) > 300
    assert [text for text in found if ill_set(text)] == []
