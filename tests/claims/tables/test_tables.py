"""Tables: P by M, a row for each configuration, and columns that follow from others."""

import pytest

from tests.claims.notes import alarms, report

ROWS = {2: [4, 8, 16, 32], 4: [4, 8, 16, 32], 8: [4, 8, 16, 32]}


def cell(stages: int, microbatches: int, wrong: tuple[int, int] | None = None) -> str:
    """The bubble in per cent by the total convention, or something else at one place."""
    value = 100 * (stages - 1) / (microbatches + stages - 1)
    return f"{value * 1.2 if (stages, microbatches) == wrong else value:.1f}"


def crossed(wrong: tuple[int, int] | None, *, markdown: bool) -> str:
    between = " | " if markdown else "    "
    lines = [between.join(["P\\M", "4", "8", "16", "32"])]
    lines += [between.join(["---"] * 5)] if markdown else []
    lines += [between.join([str(p), *(cell(p, m, wrong) for m in row)]) for p, row in ROWS.items()]
    body = "\n".join(lines)
    return f"## 气泡占比 (%)\n\n{body}\n" if markdown else f"流水线的气泡占比 (%):\n\n```\n{body}\n```\n"


@pytest.mark.parametrize("markdown", [True, False])
def test_one_wrong_cell_is_found(markdown: bool) -> None:
    assert report(crossed(None, markdown=markdown)).checked == 12
    assert not report(crossed(None, markdown=markdown)).findings
    found = alarms(crossed((8, 16), markdown=markdown))
    assert [(finding.inputs["stages"], finding.inputs["microbatches"]) for finding in found] == [(8, 16)]
    assert found[0].stated == cell(8, 16, (8, 16))


def test_a_table_of_measurements_is_left_alone() -> None:
    rows = "\n".join(
        f"| {p} | {m} | {bubble}% |" for p, m, bubble in ((4, 4, 56), (4, 8, 35), (4, 16, 22), (8, 16, 28))
    )
    assert not report(f"# 流水线\n\n| stages | micro-batch 数 | 气泡率 |\n|---|---|---|\n{rows}\n").findings


def test_rows_of_configurations() -> None:
    head = "# Pipeline\n\n| Stages ($P$) | Micro-batches ($M$) | Bubble | Throughput Efficiency |\n|---|---|---|---|\n"
    rows = "| 4 | 16 | 15.8% | 84.2% |\n| 16 | 16 | 48.4% | {} |\n| 16 | 64 | 19.0% | 81.0% |\n"
    assert not report(head + rows.format("51.6%")).findings
    assert [finding.stated for finding in alarms(head + rows.format("61.6%"))] == ["61.6%"]


SPEED = """| 序列长度 | 标准 (ms) | Flash (ms) | 加速比 |
|---|---|---|---|
| 1024 | 12 | 8 | 1.5x |
| 2048 | 48 | 16 | 3.0x |
| 4096 | 192 | 48 | {} |
| 8192 | 768 | 128 | 6.0x |
"""


def test_a_column_that_follows_from_two_others() -> None:
    assert not report(SPEED.format("4.0x")).findings
    assert [finding.stated for finding in alarms(SPEED.format("7.0x"))] == ["7.0x"]


def test_columns_without_a_promise_are_left_alone() -> None:
    assert not report(SPEED.format("7.0x").replace("加速比", "得分")).findings
