"""A setting that is wrong is a sentence with file, line, what was found and what was expected, in both languages."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studykit.errors import SettingsError
from studykit.locale import set_language
from studykit.settings import Settings, as_toml, flatten, load

WRONG = [
    ('# mine\n[schedule]\nnew_per_day = "x"\n', ':3: schedule.new_per_day is "x", expected a whole number from 0 to'),
    ("[schedule]\nnew_per_dya = 5\n", ":2: there is no setting `schedule.new_per_dya`.|Did you mean `new_per_day`?"),
    ("\n[shedule]\n", ":2: there is no setting `shedule`.|Did you mean `schedule`?"),
    ("schedule.new_per_day = 1.5\n", ":1: schedule.new_per_day is 1.5, expected a whole number"),
    ("[schedule]\ndesired_retention = 1.5\n", "is 1.5, expected a number from 0.7 to 0.99."),
    (
        "[schedule]\neasy_days = { monday = 0.5 }\n",
        ':2: schedule.easy_days has the name "monday", expected one of "fri"',
    ),
    ("[schedule.easy_days]\nsat = 0.5\nsun = 2\n", ":3: schedule.easy_days.sun is 2, expected a number from 0 to 1."),
    ('[remind]\nquiet_hours = ["25:00", "08:00"]\n', 'quiet_hours is "25:00", expected a text such as "08:30".'),
    ('[remind]\nquiet_hours = ["08:00"]\n', "remind.quiet_hours: 1 given, expected two times"),
    ('language = "fr"\n', ':1: language is "fr", expected one of "auto", "en", "zh_CN".'),
    ('[notes]\ninclude = "x"\n', 'notes.include is "x", expected a list in brackets: ["…", …].'),
    ("[deck.a]\nnew_per_day = 1\n[deck.b]\nnew_per_day = -1\n", ":4: deck.b.new_per_day is -1, expected a whole"),
    ("[deck]\na = 5\n", ":2: deck.a is 5, expected a table of settings."),
    ("[[schedule.presets]]\nparameters = []\n", ":1: schedule.presets lacks `decks`."),
    ("[[schedule.presets]]\ndecks = []\nparameters = []\n", "decks is [], expected a list with something in it"),
    ("[rules]\nquiz = 1\n", ":2: rules.quiz is 1, expected true or false."),
    ("[schedule]\nrollover_hour = 2026-11-28\n", "rollover_hour is 2026-11-28, expected a whole number from 0 to 23."),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said[:40] for _text, said in WRONG])
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / ".studykit" / "config.toml"
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(str(tmp_path))
    assert caught.value.message.startswith(f"{file}:")
    for part in said.split("|"):
        assert part in str(caught.value)


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language()


@pytest.mark.parametrize("text", [text for text, _said in WRONG])
@pytest.mark.usefixtures("chinese")
def test_and_in_chinese_to_a_chinese_reader(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".studykit" / "config.toml"
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(str(tmp_path))
    for line in str(caught.value).split("\n"):
        assert re.search("[一-鿿]", line), "a line that is not translated"


VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-9, 99_999), st.floats(-2, 2), st.sampled_from(["", "x", "08:00", "mon", "a"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["a", "mon"]), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYS = [key for key, _value in flatten(msgspec.to_builtins(Settings()))] + ["deck.a.new_per_day", "x.y"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(KEYS), VALUES)
def test_whatever_is_set_there_is_a_sentence_or_none(tmp_path: Path, key: str, value: object) -> None:
    file = tmp_path / ".studykit" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"\n{key} = {as_toml(value)}\n")
    with suppress(SettingsError):
        load(str(tmp_path))
        return
    with pytest.raises(SettingsError, match=f"^{re.escape(str(file))}:2: [^$]*$"):
        load(str(tmp_path))
