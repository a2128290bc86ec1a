"""The SVG: well formed, self-contained, light and dark, everything in its place."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline import simulate
from studykit.pipeline.draw import CHINESE, svg
from studykit.pipeline.draw.palette import HUES, KINDS, shade
from studykit.pipeline.draw.ticks import moments

NAME = "{http://www.w3.org/2000/svg}"


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def boxes(picture: str, look: str) -> list[dict[str, str]]:
    return [one.attrib for one in parsed(picture).iter(f"{NAME}rect") if re.match(look, one.get("class", ""))]


def test_every_op_has_a_box_at_its_time() -> None:
    plan = simulate("zb-h1", stages=4, microbatches=8, p2p=0.25)
    drawn = [one for one in parsed(svg([plan])).iter(f"{NAME}rect") if one.find(f"{NAME}title") is not None]
    assert len(drawn) == len(plan.timeline)
    left = min(float(one.attrib["x"]) for one in drawn)
    right = max(float(one.attrib["x"]) + float(one.attrib["width"]) for one in drawn)
    for one in drawn:
        title = one.findtext(f"{NAME}title") or ""
        start, end = map(float, title.split(": ")[1].split(" - "))
        scale = (right - left) / float(plan.makespan)
        assert float(one.attrib["x"]) == pytest.approx(left + start * scale, abs=0.02)
        assert float(one.attrib["width"]) == pytest.approx((end - start) * scale, abs=0.02)


def test_critical_ops_and_bubbles_are_marked() -> None:
    plan = simulate("1f1b", stages=4, microbatches=8)
    picture = svg([plan])
    assert len(boxes(picture, r".*critical")) == len(plan.critical_path())
    gaps = boxes(picture, "bubble")
    assert len(gaps) > 4
    assert "patternUnits" in picture
    assert parsed(picture).find(f".//{NAME}polyline") is not None


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_is_self_contained_and_has_its_themes(theme: str) -> None:
    picture = svg([simulate("dualpipev", stages=4, microbatches=10)], words=CHINESE, theme=theme)
    urls = set(re.findall(r"https?://[^\"]*", picture))
    assert urls == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|image|foreignObject|link)|@import|href", picture)
    assert ("prefers-color-scheme:dark" in picture) == (theme == "auto")
    assert "关键路径" in picture
    assert "Noto Sans CJK SC" in picture


def test_unknown_themes_are_refused() -> None:
    with pytest.raises(ValueError, match="no theme is called 'blue'; known are auto, light, dark"):
        svg([simulate("gpipe", stages=2, microbatches=2)], theme="blue")


def test_sixty_four_ranks_are_grouped_and_stay_small() -> None:
    picture = svg([simulate("zb-v", stages=64, microbatches=64)])
    labels = [one.text for one in parsed(picture).iter(f"{NAME}text")]
    assert "ranks 0-3" in labels
    assert "ranks 60-63" in labels
    assert len(picture) < 600_000


def test_comparison_has_both_timelines_and_a_table() -> None:
    plans = [simulate(name, stages=4, microbatches=8) for name in ("zb-h1", "gpipe")]
    labels = [one.text for one in parsed(svg(plans)).iter(f"{NAME}text")]
    assert "zb-h1: P = 4, M = 8" in labels
    assert "gpipe: P = 4, M = 8" in labels
    assert {"27", "33", "11.11%", "27.27%", "bubble, idle / step (total)"} <= set(labels)


def test_nothing_is_drawn_outside_the_sheet() -> None:
    for plan in (
        simulate("zb-v", stages=64, microbatches=20),
        simulate("interleaved", stages=8, microbatches=8, chunks=4),
    ):
        root = parsed(svg([plan], width=700))
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        for one in root.iter():
            if "x" in one.attrib:
                room = 6.6 * len(one.text or "") if one.tag == f"{NAME}text" else float(one.get("width", 0))
                assert 0 <= float(one.attrib["x"]) <= width
                assert float(one.attrib["x"]) + room <= width + 12
                assert 0 <= float(one.attrib["y"]) <= height


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "ink"), [("light", "#1b1f24"), ("dark", "#e8edf2")])
def test_labels_can_be_read_on_every_colour(theme: str, ink: str) -> None:
    """WCAG 2, level AA: 4.5:1."""
    ratios = [contrast(ink, shade(theme, kind, hue)) for kind in KINDS for hue in HUES]
    assert min(ratios) >= 4.5


@given(st.floats(1e-9, 1e12), st.integers(3, 12))
def test_an_axis_names_round_moments_and_the_end(horizon: float, most: int) -> None:
    found = moments(horizon, most)
    assert found[0] == 0
    assert found[-1] == horizon
    assert 2 <= len(found) <= most + 1
    assert found == sorted(set(found))
    step = found[1]
    assert len(found) == 2 or f"{step:.0e}"[0] in "125"
    assert all(moment == pytest.approx(step * at) for at, moment in enumerate(found[:-1]))
    assert horizon - found[-2] >= 0.59 * step or len(found) == 2
