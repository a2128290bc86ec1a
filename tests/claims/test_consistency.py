"""The same inputs with two results, in one note or in two."""

import pytest

from studykit.claims.checker import examine
from studykit.claims.consistency import contradictions
from studykit.claims.finding import Statement
from studykit.vault.note import parse_note
from tests.claims.notes import report
from tests.claims.told.told_examples import TOLD


def test_two_notes_that_disagree() -> None:
    one = report("P=4, M=16：气泡率 15.8%", "one.md")
    two = report("P=4, M=16：气泡率 25%", "two.md")
    found = contradictions([*one.statements, *two.statements])
    assert [(finding.file, str(finding.severity)) for finding in found] == [("two.md", "inconsistent")]
    assert "one.md:1" in found[0].message


@pytest.mark.parametrize(
    ("total", "other"),
    [
        ("P=4, M=16：气泡率 15.8%", "P=4, M=16：气泡率 18.75%"),  # idle over useful time
        ("P=4, M=16：流水线效率 84.2%", "P=4, M=16：流水线效率 81.25%"),
        ("PP=8, M=16, V=2：气泡率 17.9%", "PP=8, M=16, V=2：气泡率 15.2%"),  # the plain ratio divided by V
    ],
)
def test_another_convention_in_another_note_is_unclear_and_no_alarm(total: str, other: str) -> None:
    one, two = report(total, "one.md"), report(other, "two.md")
    found = contradictions([*one.statements, *two.statements])
    assert [(finding.file, str(finding.severity)) for finding in found] == [("two.md", "convention")]


def test_two_roundings_agree() -> None:
    one = report("P=4, M=16：气泡率 15.8%", "one.md")
    two = report("4 级流水线、16 个 micro-batch：气泡约 16%", "two.md")
    assert len(one.statements) == len(two.statements) == 1
    assert not contradictions([*one.statements, *two.statements])


def test_other_inputs_are_another_matter() -> None:
    one = report("P=4, M=16：气泡率 15.8%", "one.md")
    two = report("P=4, M=8：气泡率 27.3%", "two.md")
    assert not contradictions([*one.statements, *two.statements])


def statements(*texts: str) -> list[Statement]:
    """What notes of these texts state, named by their place."""
    notes = [parse_note(f"{number}.md", text.encode()) for number, text in enumerate(texts)]
    return [each for note in notes for each in examine(note, compare=True).statements]


@pytest.mark.parametrize(("name", "texts"), [(key[0], texts) for key, texts in TOLD.items()])
def test_two_languages_that_say_the_same_do_not_disagree(name: str, texts: tuple[str, str]) -> None:
    said = statements(*texts)
    assert sum(each.calculator == name for each in said) >= 2
    assert not contradictions(said)


RING = "8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。"
CACHE = "32 层、8 个 KV 头、head_dim=128、FP16，序列长度 {length} 时 KV cache 为 {size}。"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CACHE.format(length=4096, size="0.537 GB"), CACHE.format(length=4096, size="1.07 GB")),
        ("TP=8、PP=4、DP=2，共 64 张 GPU。", "TP=8, PP=4, DP=2 (128 GPUs)"),
        ("8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。",
         "An all-reduce of 1 GB over 8 GPUs with a bandwidth of 300 GB/s takes 2.92 ms."),
        ("4 级流水线、4 组请求在途，每级耗时 5 ms，TPOT 为 20 ms。",
         "With 4 stages, 4 groups in flight and a stage time of 5 ms, TPOT is 5 ms."),
        ("96 层、hidden=12288、词表 51200、序列长度 2048：参数量 174.6B。",
         "96 层、hidden=12288、词表 51200、序列长度 2048：参数量 530B。"),
        ("7B 模型 4-bit 量化、group=128：权重 3.61 GB。", "7B 模型 4-bit 量化、group=128：权重 7.2 GB。"),
        (TOLD["flops", "mfu"][0], TOLD["flops", "mfu"][1].replace("40.4", "53.8")),
    ],
)  # fmt: skip
def test_what_disagrees_is_found_for_any_calculator(one: str, other: str) -> None:
    for texts, place in (((one, other), "1.md"), ((other, one), "0.md")):
        (found,) = contradictions(statements(*texts))
        assert (found.file, str(found.severity)) == (place, "inconsistent")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CACHE.format(length=4096, size="0.537 GB"), CACHE.format(length=4096, size="0.5 GB")),
        (CACHE.format(length=4096, size="0.537 GB"), CACHE.format(length=4096, size="512 MiB")),
        (CACHE.format(length=4096, size="0.537 GB"), CACHE.format(length=8192, size="1.07 GB")),
        (CACHE.format(length=4096, size="0.537 GB"), CACHE.format(length=4096, size="0.537 GB，量化到 1/2 后 0.27 GB")),
        (CACHE.format(length=4096, size="2 GB"), CACHE.format(length=4096, size="3 GB")),
        ("TP=8、PP=4、DP=2，共 64 张 GPU。", "TP=8、PP=4、DP=2、EP=2，共 128 张 GPU。"),
        ("TP=8、PP=4、DP=2，共 64 张 GPU。", "目标：TP=8、PP=4、DP=2，共 128 张 GPU。"),
        (
            "8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。",
            "8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时约 6 ms。",
        ),
        (
            "8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。",
            "8 张卡 all-gather 1 GB，带宽 300 GB/s，耗时 2.92 ms。",
        ),
        (
            "8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms。",
            "8 张卡 all-reduce 1 GB，带宽 300 GB/s，实测耗时 9 ms。",
        ),
    ],
)
def test_units_roundings_and_other_inputs_are_no_contradiction(one: str, other: str) -> None:
    assert not contradictions(statements(one, other))


def test_a_silenced_line_contradicts_nothing() -> None:
    right, wrong = "TP=8、PP=4、DP=2，共 64 张 GPU。", "TP=8、PP=4、DP=2，共 128 张 GPU。 <!-- check: ignore -->"
    assert not contradictions(statements(right, wrong))
