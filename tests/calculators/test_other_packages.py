"""A calculator of another package, installed as packages are: with an entry point in its metadata."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit.calculators import registry
from studykit.calculators.declare import get, names, parse_inputs
from studykit.errors import NotFoundError

MODULE = """
from studykit.calculators.declare import Calculator, Input, Output

HOPS = Calculator(
    name="hops",
    title="Hops of one micro-batch",
    zh="一个 micro-batch 的传输次数",
    inputs=(Input("stages", "P", "pipeline stages", "流水线级数", low=1, high=4096),),
    outputs=(Output("hops", "H", "sends between stages", "级间传输次数", unit="hops", formula="P-1"),),
    function=lambda inputs: {"hops": inputs["stages"] - 1},
)
NONSENSE = 7
"""
POINTS = """[studykit.calculators]
hops = other_calculators:HOPS
nonsense = other_calculators:NONSENSE
gone = no_such_module:X
"""


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "other_calculators.py").write_text(MODULE, encoding="utf-8")
    info = tmp_path / "other_calculators-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-calculators\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "_loaded", {})
    monkeypatch.setattr(registry, "_broken", {})
    yield
    sys.modules.pop("other_calculators", None)


@pytest.mark.usefixtures("other_package")
def test_it_is_listed_found_and_computes() -> None:
    assert "hops" in names()
    hops = get("hops")
    assert hops.compute(parse_inputs(hops, {"stages": "8"})).values == {"hops": 7}
    assert any("8-1" in line for line in hops.steps(parse_inputs(hops, {"P": 8})))


@pytest.mark.usefixtures("other_package")
def test_a_broken_one_is_reported_and_stops_no_other() -> None:
    with pytest.raises(NotFoundError, match="Calculator"):
        get("nonsense")
    assert set(registry.broken()) == {"nonsense", "gone"}
    assert get("bubble").name == "bubble"
    assert get("hops").name == "hops"
