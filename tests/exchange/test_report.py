"""The page of figures: complete in itself, readable without seeing it, safe whatever a deck is called."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from studykit.exchange.report import report
from studykit.locale import set_language
from studykit.study.figures.calibration import Bin, Calibration, DeckMonth
from studykit.study.figures.stats import DayCount, Hour, Stats, share
from studykit.study.figures.stats_cards import CardFigures, Topic
from studykit.study.figures.streak import Streak

TODAY = date(2026, 11, 28)
DECK = "推理/<b onload='x'>&\"流水线\""


@pytest.fixture
def found() -> Stats:
    days = [DayCount((TODAY - timedelta(days=n)).isoformat(), n % 9 + 1, 3.5, 1, 5, 4) for n in range(400, -1, -1)]
    topics = [Topic(DECK, 40, 2, 20, 31.5, 0.72, 3)]
    cards = CardFigures(40, 2, 1, 17, 20, 0, 31.5, [0] * 9 + [38], [0] * 7 + [38], [0] * 9 + [38], topics, topics)
    hours = [Hour(hour, hour, hour, hour // 2) for hour in range(24)]
    months = [share("2026-10", 80, 100), share("2026-11", 0, 0)]
    shares = [share("30", 80, 100), share("90", 80, 100), share("all", 80, 100)]
    return Stats(TODAY, 2000, 90.0, days, Streak(12, 30, 2), shares, months, hours, [3, *[1] * 89], cards, 0.9)


JUDGED = Calibration(100, 0.8, 0.85, 0.4, 0.5, 0.05, [Bin(0.8, 0.85, 100, 0.82, 0.8, 0.71, 0.87)],
                     [share(DECK, 80, 100)],
                     [DeckMonth(DECK, "2026-10", 80, 100, 0.8, 0.71, 0.87)], True)  # fmt: skip


class Tags(HTMLParser):
    """Every tag and attribute of a page, and that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing(found: Stats) -> None:
    page = report(found, JUDGED)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img", page)
    assert {name for _tag, name, _value in tags.attributes}.isdisjoint({"src", "href", "onload"})
    assert "prefers-color-scheme: dark" in page


def test_retention_by_deck_and_month_is_a_table(found: Stats) -> None:
    page = report(found, JUDGED)
    table = page[page.index("True retention by deck and month") :]
    assert table.index(">2026-10</th>") < table.index("<td>80 % (100)</td>")


def pictures(page: str) -> Iterator[ElementTree.Element]:
    return (ElementTree.fromstring(each) for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL))


def test_every_picture_says_what_it_shows(found: Stats) -> None:
    charts = list(pictures(report(found, JUDGED)))
    assert len(charts) == 7
    for chart in charts:
        names = (chart.get("aria-labelledby") or "").split()
        told = {each.get("id"): each.text for each in chart if each.tag in ("title", "desc")}
        assert chart.get("role") == "img"
        assert list(told) == names
        assert all(told.values())


def test_a_year_of_days_each_in_its_week(found: Stats) -> None:
    heat = next(pictures(report(found, None)))
    days = [each for each in heat if each.tag == "rect"]
    assert len(days) == 52 * 7 + TODAY.weekday() + 1
    assert len({(each.get("x"), each.get("y")) for each in days}) == len(days)
    assert {each.get("class") for each in days} == {"h1", "h2", "h3", "h4"}  # every day was studied


def test_the_calibration_chart_has_its_points_where_they_belong(found: Stats) -> None:
    chart = list(pictures(report(found, JUDGED)))[-1]
    (point,) = (each for each in chart if each.tag == "circle")
    assert float(point.get("cx", 0)) == pytest.approx(52 + 300 * 0.82, abs=0.1)
    assert float(point.get("cy", 0)) == pytest.approx(12 + 300 * 0.2, abs=0.1)


def test_a_deck_may_be_called_anything(found: Stats) -> None:
    page = report(found, JUDGED)
    assert "<b onload" not in page
    assert (
        page.count("推理/&lt;b onload=&#x27;x&#x27;&gt;&amp;&quot;流水线&quot;") == 4
    )  # by deck, by deck and month, decks, tags


def test_in_chinese(found: Stats) -> None:
    set_language("zh_CN")
    try:
        page = report(found, JUDGED)
    finally:
        set_language("auto")
    assert '<html lang="zh-CN">' in page
    assert "2026年11月28日" in page
    assert "真实保留率" in page
    assert "Reviews by day" not in page


def test_without_any_scored_review(found: Stats) -> None:
    assert len(list(pictures(report(found, None)))) == 6
