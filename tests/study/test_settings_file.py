"""Setting a value in a person's settings file changes that value's line and nothing else."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.errors import SettingsError
from studykit.settings import Ladder, Schedule, Settings, as_toml, flatten, load
from studykit.spacing.ladder import STEPS
from studykit.study.setting_up.initialise import template
from studykit.study.setting_up.settings_file import set_in_vault, with_values

HAND_MADE = """# mine
[notes]
include = ["a/**/*.md"]   # only these

[schedule]
new_per_day = 7  # few
parameters = [
  1.0,
  2.0,  # [schedule]
]
rollover_hour = 3
"""


def changed(text: str, **values: object) -> str:
    return with_values(text, {f"schedule.{key}": value for key, value in values.items()}, "config.toml", {})


def test_a_value_of_several_lines_is_replaced_whole() -> None:
    made = changed(HAND_MADE, parameters=[0.5])
    assert made == HAND_MADE.replace("parameters = [\n  1.0,\n  2.0,  # [schedule]\n]", "parameters = [0.5]")


def test_a_value_that_stands_nowhere_goes_below_its_commented_default() -> None:
    made = changed(template(), scheduler="ladder")
    lines = made.splitlines()
    assert lines[lines.index('scheduler = "ladder"') - 1].startswith('# scheduler = "fsrs"')
    assert [line for line in lines if line != 'scheduler = "ladder"'] == template().splitlines()


def test_an_empty_file_gets_the_table() -> None:
    assert changed("", scheduler="sm2") == '[schedule]\nscheduler = "sm2"\n'


@pytest.mark.parametrize("text", ["schedule = { rollover_hour = 3 }\n", "schedule.rollover_hour = 3\n"])
def test_what_cannot_be_done_by_lines_is_left_alone(text: str) -> None:
    with pytest.raises(SettingsError, match="left alone") as caught:
        changed(text, scheduler="sm2")
    assert 'schedule.scheduler = "sm2"' in caught.value.hint


def test_what_is_out_of_range_is_not_written(tmp_path: Path) -> None:
    (tmp_path / ".studykit").mkdir()
    file = tmp_path / ".studykit" / "config.toml"
    file.write_text(HAND_MADE)
    with pytest.raises(SettingsError, match="new_per_day"):
        set_in_vault(str(tmp_path), {"schedule.new_per_day": -1})
    assert file.read_text() == HAND_MADE
    set_in_vault(str(tmp_path), {"schedule.new_per_day": 9}, {"schedule.new_per_day": "more"})
    assert file.read_text() == HAND_MADE.replace("= 7  # few", "= 9  # more")
    assert load(str(tmp_path)).settings.schedule.new_per_day == 9


_VALUES = st.one_of(st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.lists(st.floats(0, 9), max_size=3))
_TABLES = st.dictionaries(st.sampled_from("abc"), _VALUES, max_size=3)
_FILES = st.dictionaries(st.sampled_from(["schedule", "notes"]), _TABLES, max_size=2)


@example({"schedule": {"a": "\x85"}}, "a", False)  # a line end to Python, not to TOML
@given(_FILES, st.sampled_from("abc"), _VALUES)
def test_any_plain_file_reads_back_with_the_value(
    tables: dict[str, dict[str, object]], key: str, value: object
) -> None:
    text = "".join(
        f"[{name}]\n" + "".join(f"{k} = {as_toml(v)}\n" for k, v in rows.items()) for name, rows in tables.items()
    )
    wanted = {**tables, "schedule": {**tables.get("schedule", {}), key: value}}
    assert tomllib.loads(changed(text, **{key: value})) == wanted


def test_the_ladder_of_the_settings_is_that_of_the_scheduler() -> None:
    assert {label: getattr(Ladder(), label) for label in STEPS} == STEPS
    assert Schedule().ladder == Ladder()


def test_the_template_explains_every_setting_and_may_be_uncommented_whole() -> None:
    lines = [line.removeprefix("# ") for line in template().splitlines()[2:]]
    assert [line for line in lines if " = " in line and "  # " not in line] == []
    read = tomllib.loads("\n".join(lines))
    assert {key for key, _value in flatten(read)} == {key for key, _value in flatten(msgspec.to_builtins(Settings()))}
    assert msgspec.convert(read, Settings) == Settings()
