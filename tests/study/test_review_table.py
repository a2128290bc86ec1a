"""Review histories of other programs become the histories that they describe."""

import gzip
import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from studykit.errors import StudyError
from studykit.spacing.scoring import History
from studykit.store.events import Review, Undo, encode
from studykit.study.parameters.optimise import Asked, judge
from studykit.study.parameters.review_table import Clock, read_table

SHANGHAI = Clock(ZoneInfo("Asia/Shanghai"), 4)
DAY = 86_400_000
NOON = 1_700_020_800_000  # 2023-11-15, noon in Shanghai


def gaps(history: History) -> list[int]:
    return [day - history.days[0] for day in history.days]


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_ankis_own_table(tmp_path: Path) -> None:
    later = NOON + 3 * DAY
    rows = [(NOON, 7, 3, 2500, 0), (NOON + 60_000, 7, 1, 0, 1), (NOON + DAY, 7, 0, 2500, 4), (later, 7, 4, 2500, 1),
            (later + 1, 7, 1, 0, 3), (NOON, 8, 2, 2500, 0)]  # fmt: skip
    text = "id,cid,usn,ease,factor,time,type\n" + "".join(f"{i},{c},-1,{e},{f},4000,{t}\n" for i, c, e, f, t in rows)
    sample = read_table(written(tmp_path, "revlog.csv", text), SHANGHAI)
    seven, eight = sample.histories
    assert (gaps(seven), list(seven.ratings)) == ([0, 0, 3], [3, 1, 4])
    assert list(eight.ratings) == [2]
    assert sample.order == [(0, 2)]
    assert sorted(sample.left_out.values()) == [1, 1]  # one by hand, one of a filtered deck


def test_a_card_that_anki_was_told_to_forget_begins_anew(tmp_path: Path) -> None:
    rows = [(NOON, 3, 2500, 0), (NOON + 5 * DAY, 0, 0, 4), (NOON + 9 * DAY, 2, 2500, 0), (NOON + 10 * DAY, 4, 2500, 1)]
    text = "id,cid,ease,factor,type\n" + "".join(f"{i},7,{e},{f},{t}\n" for i, e, f, t in rows)
    before, after = read_table(written(tmp_path, "revlog.csv", text), SHANGHAI).histories
    assert (gaps(before), list(before.ratings)) == ([0], [3])
    assert (gaps(after), list(after.ratings)) == ([0, 1], [2, 4])


@pytest.mark.parametrize(
    ("head", "learning", "review"),
    [("id,cid,ease,type", 0, 1), ("review_time,card_id,review_rating,review_state", 1, 2)],
)
def test_a_history_begins_where_its_card_was_learnt(tmp_path: Path, head: str, learning: int, review: int) -> None:
    """As Anki and fsrs-optimizer take it: what a memory was before its first review, nobody knows."""
    rows = [(0, 7, 3, review), (9, 7, 2, review), (20, 7, 4, learning), (24, 7, 1, review), (24.1, 7, 3, review + 1),
            (60, 7, 2, learning), (61, 7, 2, learning), (0, 8, 3, review)]  # fmt: skip
    text = head + "\n" + "".join(f"{NOON + int(day * DAY)},{c},{r},{kind}\n" for day, c, r, kind in rows)
    sample = read_table(written(tmp_path, "revlog.csv", text), SHANGHAI)
    assert [(gaps(each), list(each.ratings)) for each in sample.histories] == [([0, 4, 4], [4, 1, 3]), ([0, 1], [2, 2])]
    assert list(sample.left_out.values()) == [3]
    other = text.replace("cid", "card").replace("review_state", "state")
    assert len(read_table(written(tmp_path, "other.csv", other.replace("id,card", "at,card")), SHANGHAI).histories) == 2


def test_a_day_begins_at_the_rollover_hour_of_the_zone(tmp_path: Path) -> None:
    late = NOON + 15 * 3_600_000  # 03:00 on the 16th: still the 15th
    text = "review_time\tcard_id\treview_rating\n" + f"{NOON}\t1\t3\n{late}\t1\t3\n{late + 3_600_000}\t1\t3\n"
    assert gaps(read_table(written(tmp_path, "a.tsv", text), SHANGHAI).histories[0]) == [0, 0, 1]
    assert gaps(read_table(written(tmp_path, "a.tsv", text), Clock(ZoneInfo("UTC"), 4)).histories[0]) == [0, 0, 0]


def test_days_and_days_elapsed_of_the_benchmark(tmp_path: Path) -> None:
    text = "card_id,day_offset,rating,state,duration,elapsed_days,elapsed_seconds\n"
    text += "1,10,3,0,5,-1,-1\n2,10,1,0,5,-1,-1\n1,14,1,2,5,4,345600\n"
    one, two = read_table(written(tmp_path, "user.csv", text)).histories
    assert (gaps(one), list(one.ratings), gaps(two)) == ([0, 4], [3, 1], [0])
    text = "card_id,review_th,delta_t,rating\n1,1,-1,3\n1,2,4,1\n1,3,0,3\n"
    assert gaps(read_table(written(tmp_path, "elapsed.csv", text)).histories[0]) == [0, 4, 4]


def test_a_count_of_days_may_begin_at_zero_or_below(tmp_path: Path) -> None:
    later = judge(read_table(written(tmp_path, "a.csv", "card_id,day,rating\n1,50,3\n1,53,1\n")), asked=Asked(False))
    for first in (0, -7):
        text = f"card_id,day,rating\n1,{first},3\n1,{first + 3},1\n"
        assert judge(read_table(written(tmp_path, "b.csv", text)), asked=Asked(False)) == later
    text = "card_id,elapsed_days,rating\n1,-1,3\n1,3,1\n"
    assert judge(read_table(written(tmp_path, "c.csv", text)), asked=Asked(False)) == later


def test_json_lines_packed(tmp_path: Path) -> None:
    rows = [
        {"card": "a", "at": "2026-11-01T12:00:00Z", "rating": 3},
        {"card": "a", "at": "2026-11-05 12:00", "rating": 2},
    ]
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert gaps(read_table(str(tmp_path / "log.jsonl.gz"), SHANGHAI).histories[0]) == [0, 4]
    assert gaps(read_table(written(tmp_path, "log.json", json.dumps(rows)), SHANGHAI).histories[0]) == [0, 4]


def test_the_programs_own_log_without_what_was_taken_back(tmp_path: Path) -> None:
    def review(name: str, day: str, rating: int) -> Review:
        return Review(name, f"{day}T10:00:00.000Z", day, "d", "c1", rating)

    events: list[Review | Undo] = [
        review("1", "2026-11-01", 3),
        review("2", "2026-11-03", 1),
        review("3", "2026-11-08", 4),
        Undo("4", "2026-11-08T11:00:00.000Z", "2026-11-08", "d", event="2"),
    ]
    text = b"\n".join(encode(event) for event in reversed(events)).decode()
    (history,) = read_table(written(tmp_path, "2026-11.jsonl", text)).histories
    assert (list(history.days), list(history.ratings)) == (
        [date(2026, 11, 1).toordinal(), date(2026, 11, 8).toordinal()],
        [3, 4],
    )


def test_a_time_that_runs_backwards_counts_as_the_same_day(tmp_path: Path) -> None:
    text = "card_id,delta_t,rating\n1,0,3\n1,-3,1\n1,2,3\n"
    assert gaps(read_table(written(tmp_path, "back.csv", text)).histories[0]) == [0, 0, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("card_id,rating,day\n1,3,1\n1,5,2\n", r"t.csv:3: rating '5'; expected 1 \(again\) to 4"),
        ("card_id,rating,review_time\n1,3,soon\n", "t.csv:2: a time or day that cannot be read"),
        ("card_id,rating,day\n,3,1\n", "t.csv:2: no card is named"),
        ("front,rating\na,3\n", "no column for card, time; its columns are front, rating"),
        ("card_id,rating,day\n", "holds no review"),
        ("", "holds no review"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        read_table(written(tmp_path, "t.csv", text))
    with pytest.raises(StudyError, match="cannot be read"):
        read_table(str(tmp_path / "nowhere.csv"))
