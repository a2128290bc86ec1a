"""Size of weights stored in few bits, with their scales and zero points."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import MODEL, giga
from studykit.calculators.variation import Variations, remembered


def formats() -> tuple[str, ...]:
    """The common ways to store weights in few bits."""
    from studykit.pipeline.quantisation import QUANTISATIONS

    return tuple(QUANTISATIONS)


def _format_fields(name: str) -> Mapping[str, Any]:
    from studykit.pipeline.quantisation import QUANTISATIONS

    kind = QUANTISATIONS[name]
    fields = ("bits", "group", "scale_bits", "zero_point_bits", "super_group", "super_scale_bits")
    return {field: getattr(kind, field) for field in fields}


@remembered
def _size(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.quantisation import Quantisation, weight_bytes

    if inputs["parameters"] is None:
        raise ValueError("neither a model nor parameters is given; expected one of them")
    fields = ("bits", "group", "scale_bits", "zero_point_bits", "super_group", "super_scale_bits")
    kind = Quantisation(**{field: inputs[field] for field in fields})
    each = Fraction(kind.bits_per_weight)
    return {
        "size": giga(weight_bytes(inputs["parameters"], kind)),
        "bits_per_weight": each,
        "smaller": Fraction(16) / each,
    }


def _scales(inputs: Inputs) -> str:
    if not inputs["group"]:
        return "k"
    return "(k+(c+z)/g+C/(g·G))" if inputs["super_group"] else "(k+(c+z)/g)"


INPUTS = (
    MODEL,
    sizes.parameters(),
    Input("format", "format", "a common way to store weights", "常见的权重存储格式", kind="choice", choices=formats,
          fills=_format_fields, optional=True),
    Input("bits", "k", "bits of a weight",
          "每个权重的比特数", kind="float", low=Fraction(1, 2), high=64, default=4),
    Input("group", "g", "weights that share a scale (0: none)",
          "共用一个缩放因子的权重数（0 为不分组）", low=0, high=10**9, default=0),
    Input("scale_bits", "c", "bits of a scale", "缩放因子的比特数", kind="float", low=0, high=64, default=16),
    Input("zero_point_bits", "z", "bits of a zero point (0: symmetric)",
          "零点的比特数（0 为对称量化）", kind="float", low=0,
          high=64, default=0),
    Input("super_group", "G", "groups whose scales share a second scale (0: none)",
          "共用二级缩放因子的组数（0 为无）", low=0,
          high=10**9, default=0),
    Input("super_scale_bits", "C", "bits of the second scale",
          "二级缩放因子的比特数", kind="float", low=0, high=64, default=32),
)  # fmt: skip
OUTPUTS = (
    Output("size", "S", "size of the weights",
           "权重大小", unit="GB", formula=lambda inputs: f"Q·{_scales(inputs)}/8/10^9"),
    Output("bits_per_weight", "k_eff", "bits a weight takes with its scales",
           "计入缩放因子后每个权重的比特数", unit="bits",
           formula=_scales),
    Output("smaller", "f", "how many times smaller than in 16 bits", "相对 16 位缩小的倍数", unit="x",
           formula=lambda inputs: f"16/{_scales(inputs)}"),
)  # fmt: skip
_VARY = Variations(_size, INPUTS, OUTPUTS)


QUANTISED_SIZE = Calculator(
    name="quantised-size",
    title="Size of quantised weights",
    zh="量化后的权重大小",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_size,
    slips=(
        _VARY.changed("size", "the scales and zero points were left out", "漏了缩放因子和零点", group=0),
        Slip("size", lambda inputs: f"Q·{_scales(inputs)}/10^9", "bits for bytes",
             "把 bit 当成了 byte", lambda inputs: _size(inputs)["size"] * 8),
        Slip("size", "Q·2/10^9", "that is in 16 bits, not quantised", "这是 16 位未量化的大小",
             lambda inputs: giga(Fraction(inputs["parameters"]) * 2)),
        _VARY.changed("size", "the zero points were left out", "漏了零点", zero_point_bits=0),
        _VARY.changed("bits_per_weight", "the scales and zero points were left out", "漏了缩放因子和零点", group=0),
        _VARY.changed("smaller", "the scales and zero points were left out", "漏了缩放因子和零点", group=0),
        Slip("smaller", lambda inputs: f"32/{_scales(inputs)}", "that is against 32 bits",
             "这是相对 32 位", lambda inputs: _size(inputs)["smaller"] * 2),
        _VARY.instead("smaller", "bits_per_weight", "those are bits a weight", "这是每个权重的比特数"),
    ),
    about="A group of g weights shares one scale and, if asymmetric, one zero point.",
    about_zh="每 g 个权重共用一个缩放因子；非对称量化还共用一个零点。",
    source="Frantar et al. 2023 (GPTQ); Dettmers et al. 2023 (QLoRA); llama.cpp block formats",
    example="quantised-size --parameters 7B --bits 4 --group 128",
)  # fmt: skip
