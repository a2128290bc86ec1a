"""Quiz blocks proposed for claims, and written into notes byte for byte."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.calculators.quiz import draw, parse_quiz, question
from studykit.calculators.registry import get
from studykit.claims.finding import Finding, Severity
from studykit.study.quizzes.quiz_draft import values
from studykit.study.quizzes.recognised import of_finding
from studykit.study.quizzes.right_claims import put_wrong
from studykit.study.quizzes.suggest import Proposal, proposals, suggest_blocks
from studykit.study.quizzes.suggest_insert import insert_blocks, with_block
from studykit.vault.note import parse_note

CHINESE = "# 流水线\n\n## 气泡\n\nP={stages}, M={microbatches} 时气泡率为 {stated}。\n"
TAIL = "## 相关笔记 <!-- 自动生成 -->"
BLOCK = "```quiz\nask: How much?\ncalculator: bubble\ngiven: {schedule: 1f1b, stages: [2, 4], microbatches: 8}\n```"


def inner(block: str) -> str:
    """The text between the fences."""
    return block.split("\n", 1)[1].rsplit("\n", 1)[0]


def of(text: str, most: int = 3) -> list[Proposal]:
    """The proposals for a note with this text."""
    return proposals(parse_note("note.md", text.encode()), "note.md", most)


@settings(max_examples=40)
@given(stages=st.integers(2, 64), microbatches=st.integers(1, 512))
def test_a_bubble_is_asked_with_numbers_around_its_own(stages: int, microbatches: int) -> None:
    stated = f"{100 * (stages - 1) / (microbatches + stages - 1):.2f}%"
    (found,) = of(CHINESE.format(stages=stages, microbatches=microbatches, stated=stated))
    assert (found.line, found.calculator, found.output, found.remark) == (5, "bubble", "ratio", "")
    quiz = parse_quiz(inner(found.block))
    assert stages in quiz.given["stages"]
    assert microbatches in list(quiz.given["microbatches"])
    assert len(quiz.given["stages"]) >= 4
    assert "total 口径：空闲 / 总时间" in quiz.ask


@given(value=st.integers(1, 10**6), name=st.sampled_from(["sequence", "batch", "layers"]))
def test_values_to_draw_hold_the_claim_s_own(value: int, name: str) -> None:
    calculator = get("kv-cache")
    declared = calculator.input(name)
    if declared.high is not None and value > declared.high:
        value = int(declared.high)
    text = values(declared, value)
    assert str(value) in re.findall(r"\d+", text)
    assert text.startswith("[") is (name != "layers")


def test_a_wrong_number_is_said_to_be_wrong_and_the_question_stands() -> None:
    (found,) = of(CHINESE.format(stages=8, microbatches=16, stated="12.5%"))
    assert "wrong" in found.remark
    assert "30.4 %" in found.remark
    assert of(CHINESE.format(stages=8, microbatches=16, stated="30.4%"))[0].block == found.block


def test_a_right_number_is_taken_before_a_wrong_one() -> None:
    text = CHINESE.format(stages=8, microbatches=16, stated="12.5%") + "\nP=4, M=16 时气泡率为 15.8%。\n"
    (found,) = of(text)
    assert (found.line, found.remark) == (7, "")


def test_the_question_follows_the_convention_of_the_number() -> None:
    (found,) = of(CHINESE.format(stages=4, microbatches=16, stated="18.75%"))
    quiz = parse_quiz(inner(found.block))
    assert quiz.given["convention"] == ("ideal",)
    assert "ideal 口径：空闲 / 有效时间" in quiz.ask


@pytest.mark.parametrize(
    ("title", "schedule"),
    [("GPipe 的气泡", "gpipe"), ("推理时的气泡", "forward"), ("1F1B 的气泡", "1f1b"), ("气泡", "1f1b")],
)
def test_the_schedule_is_the_one_the_note_speaks_of(title: str, schedule: str) -> None:
    (found,) = of(f"# {title}\n\nP=4, M=16：气泡率 15.8%\n")
    assert parse_quiz(inner(found.block)).given["schedule"] == (schedule,)


def test_questions_are_in_the_note_s_language_and_read_well() -> None:
    (english,) = of("# Bubble\n\nWith P=8, M=16 the bubble ratio is 30.4%.\n")
    quiz = parse_quiz(inner(english.block))
    drawn = {**draw(quiz, "card", 0), "stages": 4, "microbatches": 32}
    assert question(quiz, drawn) == (
        "A 1F1B pipeline has 4 stages and 32 micro-batches. "
        "What is the bubble ratio (idle / whole step, the total convention)?"
    )
    (chinese,) = of(CHINESE.format(stages=8, microbatches=16, stated="30.4%"))
    quiz = parse_quiz(inner(chinese.block))
    assert question(quiz, drawn) == (
        "1F1B 流水线有 4 级、32 个 micro-batch。气泡率（total 口径：空闲 / 总时间）是多少？"
    )


@pytest.mark.parametrize(
    ("line", "calculator", "output"),
    [
        ("layers=32, kv_heads=8, head_dim=128, seq=4096: the KV cache is 1.1 GB", "kv-cache", "total"),
        ("FP16 weights of a 70B model take 70 GB", "quantised-size", "size"),
        ("TP=8, PP=4, DP=2 (128 GPUs)", "layout", "gpus"),
        ("bubble: P=4，至少 12 个 micro-batch 达到 90% 效率", "min-microbatches", "microbatches"),
        ("```calc\nall-reduce data=2 ranks=8 => 11.7 ms\n```", "all-reduce", "time"),
        ("```calc\nbubble P=4 M=8 schedule=zb-h1 => makespan 27\n```", "bubble", "makespan"),
    ],
)
def test_other_claims_are_asked_too(line: str, calculator: str, output: str) -> None:
    (found,) = of(f"# Sizes\n\n{line}\n")
    assert (found.calculator, found.output) == (calculator, output)
    quiz = parse_quiz(inner(found.block))
    assert all(draw(quiz, "card", repetition) for repetition in range(4))


@pytest.mark.parametrize(
    ("line", "calculator", "output"),
    [
        ("32 层、8 个 KV 头、head_dim=128、FP16，序列长度 4096 时 KV cache 为 0.54 GB", "kv-cache", "total"),
        ("layers=32, kv_heads=8, head_dim=128, seq=4096: the KV cache is 0.54 GB", "kv-cache", "total"),
        ("70B 模型 FP16 权重占 140 GB", "quantised-size", "size"),
        ("70B 模型 INT4 量化后约 35 GB", "quantised-size", "size"),
        ("TP=8、PP=8、DP=16，共 1024 张 GPU", "layout", "gpus"),
        ("P=4，至少 27 个 micro-batch 才能让气泡不超过 10%", "min-microbatches", "microbatches"),
        ("发送 10 GB 数据，链路 100 Gbps，需要 0.8 s", "all-reduce", "time"),
    ],
)
def test_right_claims_of_every_family_are_asked(line: str, calculator: str, output: str) -> None:
    (found,) = of(f"# 显存\n\n{line}\n")
    assert (found.line, found.calculator, found.output, found.remark) == (3, calculator, output, "")
    quiz = parse_quiz(inner(found.block))
    assert all(draw(quiz, "card", repetition) for repetition in range(4))


@given(st.decimals(0, 10**6, allow_nan=False, places=2))
def test_a_number_put_wrong_is_far_from_it(number: Decimal) -> None:
    other = Decimal(put_wrong(str(number)))
    assert abs(other - number) * 2 > number
    assert other != number


@pytest.mark.parametrize(
    ("finding", "calculator", "output"),
    [
        (("training-memory", {"parameters": 7.5e9, "zero": 1, "data_parallel": 64}, 31.40625),
         "training-memory", "total"),
        (("training-memory", {"parameters": 7.5e9, "zero": 0, "data_parallel": 64}, 135.0), "training-memory", "total"),
        (("transfer", {"bytes": 1.6e9, "bandwidth": 25e9}, 64.0), "all-reduce", "time"),
        (("transfer", {"bytes": 1.6e9, "bandwidth": 25e9}, 0.064), "all-reduce", "time"),
        (("inference-memory", {"parameters": 1.3e9, "weight_bytes": 0.5}, 650.0), "quantised-size", "size"),
        (("bubble", {"stages": 8, "microbatches": 16, "schedule": "1f1b"}, 700 / 23), "bubble", "ratio"),
    ],
)  # fmt: skip
def test_what_the_checker_says_is_known_by_its_calculator(
    finding: tuple[str, dict[str, float], float], calculator: str, output: str
) -> None:
    name, inputs, value = finding
    said = Finding("note.md", 3, 1, Severity.WRONG, "", "1 GB", value, name, inputs)
    (found,) = of_finding(said)
    assert (found.calculator, found.output) == (calculator, output)


def test_what_is_asked_already_is_not_proposed() -> None:
    text = CHINESE.format(stages=8, microbatches=16, stated="30.4%")
    for schedule, left in (("1f1b", 0), ("gpipe", 0), ("zb-h1", 1)):
        quiz = f"\n```quiz\nask: 多少？\ncalculator: bubble\ngiven: {{schedule: {schedule}, stages: 4, M: [8]}}\n```\n"
        assert len(of(text + quiz)) == left


def test_at_most_a_few_for_a_note() -> None:
    text = (
        "# Sizes\n\n```calc\nbubble P=4 M=8 schedule=1f1b => ratio 27.3%, time 9, makespan 33, efficiency 72.7%\n```\n"
    )
    assert [len(of(text, most)) for most in (1, 3, 10)] == [1, 3, 4]


@pytest.mark.parametrize(
    "text", ["", "# 空\n", "# 气泡\n\n气泡率 30%\n", f"# 气泡\n\n{TAIL}\n\n- [P=4, M=16：气泡率 15.8%](a.md)\n"]
)
def test_nothing_is_proposed_where_nothing_is_known(text: str) -> None:
    assert of(text) == []


def test_a_note_that_makes_no_cards_is_passed_over(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    text = CHINESE.format(stages=8, microbatches=16, stated="30.4%")
    note.write_text(text, encoding="utf-8")
    assert len(suggest_blocks([str(note)]).proposals) == 1
    note.write_text(f"---\ncards: false\n---\n{text}", encoding="utf-8")
    assert suggest_blocks([str(note)]).proposals == []


def test_every_proposal_for_the_sample_vault_can_be_drawn(vault_dir: Path) -> None:
    found = suggest_blocks([str(vault_dir / "notes")], most=100).proposals
    assert len(found) >= 8
    for each in found:
        quiz = parse_quiz(inner(each.block))
        assert quiz.answers == (each.output,)
        drawn = [draw(quiz, "card", repetition) for repetition in range(4)]
        assert len({str(each) for each in drawn}) == 4
        asked = question(quiz, drawn[0])
        assert "{" not in asked
        assert asked.endswith(("？", "?", "."))


@pytest.mark.slow
@pytest.mark.parametrize("most", [1, 3])
def test_the_sample_vault_takes_its_blocks_once_and_keeps_its_bytes(vault_copy: Path, most: int) -> None:
    before = {path: path.read_bytes() for path in vault_copy.rglob("*.md")}
    found = suggest_blocks([str(vault_copy)], most=most).proposals
    done = insert_blocks(found)
    assert (done.blocks, done.problems) == (len(found), [])
    assert done.notes == sum(path.read_bytes() != data for path, data in before.items())
    for path, data in before.items():
        text = path.read_bytes()
        for each in found:
            if Path(each.path) == path:
                assert text.count(b"\n\n" + each.block.encode()) == 1
                text = text.replace(b"\n\n" + each.block.encode(), b"", 1)
        assert text == data
    assert suggest_blocks([str(vault_copy)], most=most).proposals == []


def test_a_block_goes_to_the_end_of_its_section_before_a_rule() -> None:
    text = "# T\n\n## A\n\nclaim\n\n- one\n- two\n\n---\n\n## B\n\nmore\n"
    assert with_block(text.encode(), 5, BLOCK) == text.replace("- two\n", f"- two\n\n{BLOCK}\n").encode()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("# T\n\nclaim", "# T\n\nclaim\n\n@"),
        ("# T\n\nclaim\n", "# T\n\nclaim\n\n@\n"),
        ("# T\n\nclaim\n## B\n", "# T\n\nclaim\n\n@\n\n## B\n"),
        ("# T\r\n\r\nclaim\r\n\r\n## B\r\n", "# T\r\n\r\nclaim\r\n\r\n@\r\n\r\n## B\r\n"),
        ("\ufeff---\na: 1\n---\n# T\nclaim  \n\n\n", "\ufeff---\na: 1\n---\n# T\nclaim  \n\n@\n\n\n"),
        ("# T\n\n- claim\n\n  ```py\n  x = 1\n  ```\n", "# T\n\n- claim\n\n  ```py\n  x = 1\n  ```\n\n@\n"),
        (f"# T\n\nclaim\n\n{TAIL}\n\n- [[a]]\n", f"# T\n\nclaim\n\n@\n\n{TAIL}\n\n- [[a]]\n"),
    ],
)  # fmt: skip
def test_where_a_block_goes(text: str, made: str) -> None:
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "claim" in row)
    block = BLOCK.replace("\n", "\r\n") if "\r\n" in text else BLOCK
    assert with_block(text.encode(), line, BLOCK) == made.replace("@", block).encode()


@pytest.mark.parametrize("text", ["# T\n\nclaim\n\n```py\nx = 1\n", "# T\n\nclaim\n\n<!-- open\n"])
def test_no_block_goes_into_what_is_not_closed(text: str) -> None:
    assert with_block(text.encode(), 3, BLOCK) is None


PIECES = [
    "# A",
    "## B",
    "text",
    "- item",
    "  - deep",
    "> quote",
    "```",
    "~~~py",
    "---",
    "===",
    "",
    "",
    "| a |",
    "|---|",
    "<!-- x",
    "-->",
    "<div>",
    "    code",
    "\tcode",
    "1. one",
    "claim",
]


@given(
    rows=st.lists(st.sampled_from([*PIECES, TAIL]), max_size=20),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_whatever_the_note_it_keeps_its_structure_or_gets_no_block(rows: list[str], end: str, last: bool) -> None:
    data = (end.join(["", "claim", *rows]) + (end if last else "")).encode()
    made = with_block(data, 2, BLOCK)
    if made is None:
        return
    piece = BLOCK.replace("\n", end).encode()
    assert made.count(piece) == 1
    head, tail = made.split(piece)
    assert data.startswith(head.removesuffix(end.encode() * 2))
    assert data.endswith(tail.removeprefix(end.encode()))
    fences = [fence.depth for fence in parse_note("n.md", made).outline.fences if fence.info == "quiz"]
    assert fences == [0]


def test_several_blocks_stand_in_the_order_of_their_claims(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    calc = "```calc\nbubble P=4 M=8 schedule=1f1b => ratio 27.3%, time 9\n```\n"
    note.write_text(f"# T\n\n## A\n\n{calc}\n## B\n\nTP=8, PP=4, DP=2 (128 GPUs)\n", encoding="utf-8")
    found = suggest_blocks([str(note)]).proposals
    assert [each.output for each in found] == ["ratio", "time", "gpus"]
    assert insert_blocks(found).blocks == 3
    text = note.read_text(encoding="utf-8")
    places = [text.index(each.block) for each in found]
    assert places == sorted(places)
    assert places[1] < text.index("## B") < places[2]


def test_a_note_that_changed_is_left_alone(tmp_path: Path) -> None:
    note, other = tmp_path / "a.md", tmp_path / "b.md"
    text = CHINESE.format(stages=8, microbatches=16, stated="30.4%")
    for path in (note, other):
        path.write_text(text, encoding="utf-8")
    found = suggest_blocks([str(tmp_path)]).proposals
    note.write_text(text + "\nmine\n", encoding="utf-8")
    done = insert_blocks(found)
    assert (done.blocks, done.notes, len(done.problems)) == (1, 1, 1)
    assert note.read_text(encoding="utf-8") == text + "\nmine\n"
    assert found[1].block in other.read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", "b.md"}
