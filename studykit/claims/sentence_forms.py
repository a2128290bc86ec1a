"""The forms of sentences that hold a result and what it comes from, in Chinese and English.

In a form, `A`, `B` and `C` with a unit's class (`A:bytes`) stand for amounts, `N:count` for a plain or prefixed
number, `R:time` for the result; `_` is a short gap without a digit or the end of a sentence.
"""

import re
from collections.abc import Callable
from math import floor
from typing import NamedTuple

UNITS = {
    "B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1024.0, "MiB": 1024.0**2, "GiB": 1024.0**3,
    "us": 1e-6, "μs": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "毫秒": 1e-3, "微秒": 1e-6, "秒": 1.0, "分钟": 60.0,
    "小时": 3600.0, "天": 86400.0, "seconds": 1.0, "hours": 3600.0, "days": 86400.0, "minutes": 60.0,
    "K": 1024.0, "k": 1000.0, "M": 1e6, "T": 1e12, "万亿": 1e12, "亿": 1e8, "万": 1e4, "%": 0.01,
    "MB/s": 1e6, "GB/s": 1e9, "TB/s": 1e12,
}  # fmt: skip
_CLASSES = {
    "bytes": r"[KMGT]i?B(?![/A-Za-z])",
    "time": r"(?:毫秒|微秒|分钟|小时|秒|天|(?:ms|us|μs|µs|seconds|minutes|hours|days|s)(?![A-Za-z/]))",
    "speed": r"[MGT]B/s",
    "share": r"%",
}
WIDTHS = {"32": 4.0, "16": 2.0, "P8": 1.0, "T8": 1.0, "T4": 0.5}
_BEFORE = r"(?<![A-Za-z_\d.,\-–~×*/+^<>≤≥])(?<![×*/+^<>≤≥-] )"
_BEHIND = r"(?![\d.]*\s*[-–~～×x*/+^]\s*\d|\d|\.\d|\s*(?:以上|以下|\+|→))"
_GAP = r"[^\d\n。；;|=×]{{0,{0}}}?"


class Form(NamedTuple):
    """`word` is sought in the note, `mention` finds its lines; `gives` lists what the result may be, the best first.

    With `bound` only what is above all of these is wrong. `unless` tells lines in which more is at play.
    """

    word: str
    mention: re.Pattern[str]
    pattern: re.Pattern[str]
    gives: Callable[[dict[str, float]], list[float]]
    unless: re.Pattern[str] | None = None
    bound: bool = False


def _amount(found: re.Match[str]) -> str:
    name, kind = found[1].lower(), found[2]
    number = rf"{_BEFORE}(?P<{name}>\d{{1,9}}(?:,\d{{3}})*(?:\.\d+)?(?:[eE]\d{{1,2}})?)"
    if kind == "count":
        return rf"{number}(?:(?P<{name}_unit>[KkM](?![A-Za-z])|万亿|亿|万))?(?![\d.])"
    if kind == "side":
        return rf"(?<![\d.×x*] )(?<![\w.×x*-])(?P<{name}>\d{{2,6}})"
    if kind == "billion":
        return rf"(?P<{name}>\d{{1,4}}(?:\.\d)?) ?(?P<{name}_unit>B)(?![A-Za-z])"
    if kind == "plain":
        return rf"{number}{_BEHIND}"
    return rf"{number} ?(?P<{name}_unit>{_CLASSES[kind]}){_BEHIND if name == 'r' else ''}"


def _form(
    word: str, text: str, gives: Callable[[dict[str, float]], list[float]], *, unless: str = "", bound: bool = False,
) -> Form:  # fmt: skip
    text = re.sub(r"_(\d+)_", lambda found: _GAP.format(found[1]), text)
    text = re.sub(r"\b([ABCNR]):([a-z]+)", _amount, text)
    text = text.replace("WIDTH", r"(?P<format>FP32|FP16|BF16|INT8|FP8|INT4|float32|float16)")
    return Form(
        word, re.compile(re.escape(word)), re.compile(text, re.IGNORECASE if word.isascii() else 0), gives,
        re.compile(unless, re.IGNORECASE) if unless else None, bound,
    )  # fmt: skip


def _times(given: dict[str, float]) -> list[float]:
    """A for each of N; K may be a thousand."""
    return [given["a"] * given["n"], given["a"] * given["n"] / 1.024]


def _tokens_in_time(given: dict[str, float]) -> list[float]:
    return [given["a"] * given["n"], given["a"] * (given["n"] - 1)]


def _quotient(given: dict[str, float]) -> list[float]:
    return [given["a"] / given["b"]]


def _rate(given: dict[str, float]) -> list[float]:
    return [1 / given["a"]]


def _left(given: dict[str, float]) -> list[float]:
    return [given["a"] - given["b"]] if given["a"] > given["b"] else []


def _share(given: dict[str, float]) -> list[float]:
    one, other = given["a"], given["b"]
    return [one / (one + other), one / other, one / max(one, other)]


def _ring(given: dict[str, float]) -> list[float]:
    ways, size = given["n"], given["a"]
    return [2 * (ways - 1) / ways * size, (ways - 1) / ways * size, size, 2 * size, (ways - 1) * size,
            2 * (ways - 1) * size]  # fmt: skip


def _request(given: dict[str, float]) -> list[float]:
    first, each, tokens = given["a"], given["b"], given["n"]
    return [first + (tokens - 1) * each, first + tokens * each]


def _square(given: dict[str, float]) -> list[float]:
    ratio = given["b"] / given["a"]
    return [ratio**2, ratio**2 - 1] if ratio > 1 else []


def _matrix(given: dict[str, float]) -> list[float]:
    return [given["n"] * given["a"] * given["w"]]


def _fitting(given: dict[str, float]) -> list[float]:
    """The most billions of parameters whose weights fit."""
    return [given["a"] / given["w"] / 1e9]


def _head(given: dict[str, float]) -> list[float]:
    """Wider heads than hidden / heads are built; none narrower by a whole factor."""
    exact = given["a"] / given["n"]
    narrower = given["r"] <= exact and (exact / given["r"]).is_integer()
    return [exact] if exact.is_integer() and narrower else []


def _twice(_given: dict[str, float]) -> list[float]:
    return [2.0, 1.0]


_TOTAL = r"(?:一?共|总|合计|需要?|占|就?是|要|=|＝|约|total|is|needs?|takes?)"
_EACH = r"每(?:个|张|台|块|条|次)? ?"
_MORE = r"每层|每头|每卡|每个头|layer|batch|批|并发|请求|TP|TTFT|首|并行|重叠|overlap|流水"
FORMS = (
    _form(
        "token",
        rf"每个? ?token_14_A:bytes_8_N:count ?个? ?tokens?_10_{_TOTAL}_6_R:bytes",
        _times,
        unless=_MORE,
    ),
    _form(
        "per token",
        r"N:count tokens_12_A:bytes (?:per|a|each) token_16_R:bytes",
        _times,
        unless=_MORE,
    ),
    _form(
        "per token",
        r"A:bytes (?:per|a) token_16_N:count tokens_16_R:bytes",
        _times,
        unless=_MORE,
    ),
    _form(
        "token",
        rf"每个? ?token_12_A:time_10_N:count ?个? ?tokens?_8_{_TOTAL}_6_R:time",
        _tokens_in_time,
        unless=_MORE,
    ),
    _form(
        "token",
        r"(?:每个? ?token|TPOT|Each token)_12_A:time[，,（( ]_8_(?:每秒|即|i\.e\.|so|or|→)_10_R:plain "
        r"?"
        r"(?:个 ?)?(?:tokens?|tok)(?:/s| per second|(?![A-Za-z/]))",
        _rate,
        unless=_MORE + "|卡|GPUs",
    ),
    _form(
        "每层",
        r"每层_10_A:time[，,] ?N:count ?层_4_(?:一?共|总|合计|需要?)_6_R:time",
        _times,
        unless=r"\d ?次|前向|反向|流水|重叠|PP|stage|\+",
    ),
    _form(
        "每层",
        r"每层_10_A:bytes[，,] ?N:count ?层_4_(?:一?共|总|合计|需要?)_6_R:bytes",
        _times,
        unless=r"\d ?次|TP|重算|\+|batch",
    ),
    _form(
        "步",
        r"(?:每|单)一?步_6_A:time[，,]_6_N:count ?步_4_(?:一?共|总|合计|需要?)_6_R:time",
        _times,
        unless=r"\+|卡",
    ),
    _form(
        "每次",
        r"每次_8_A:time[，,] ?N:count ?次_6_(?:一?共|总|合计|需要?)_6_R:time",
        _times,
        unless=r"\+|并行|重叠|流水",
    ),
    _form(
        "每",
        rf"N:count ?(?:张|块|个)? ?(?:GPU|卡|A100|H100|V100|A800|H800)[，,] ?{_EACH}(?:GPU|卡)?_4_A:byt"
        r"es"
        r"(?:的?显存)?[，,] ?(?:一?共|总|合计)_10_R:bytes",
        _times,
        unless=r"利用率|可用|预留|\+",
    ),
    _form(
        "每台",
        r"N:count ?台_8_[，,] ?每台_4_A:plain ?[张块个卡] ?(?:GPU|[AHV]\d00)?[，,] ?(?:一?共|总|合计)_"
        r"8_R:plain ?(?:[张块个] ?)?(?:GPU|卡)",
        _times,
        unless=r"\+|备用|故障",
    ),
    _form(
        "每个SM",
        r"N:count ?个? ?SM[，,] ?每个 ?SM_6_A:plain ?个? ?(?:FP32|CUDA|INT32|FP64|Tensor)?_10_(?:一?共"
        r"|总|合计)_8_"
        r"R:plain ?个",
        _times,
    ),
    _form(
        "每个 SM",
        r"N:count ?个? ?SM[，,] ?每个 ?SM_6_A:plain ?个? ?(?:FP32|CUDA|INT32|FP64|Tensor)?_10_(?:一?共"
        r"|总|合计)_8_"
        r"R:plain ?个",
        _times,
    ),
    _form(
        "剩",
        r"A:bytes(?:显存)?[，,）)]_8_(?:权重|模型|参数)_8_B:bytes[，,]_6_剩_4_R:bytes",
        _left,
        bound=True,
        unless=r"量化|\d ?[张卡]|[x×]",
    ),
    _form(
        "占比",
        r"通信(?:时间|耗时)?_2_A:time[，,]_4_计算(?:时间|耗时)?_2_B:time[，,]_8_通信(?:开销)?占比_4_R:"
        r"share",
        _share,
        unless="重叠|总",
    ),
    _form(
        "占比",
        r"计算(?:时间|耗时)?_2_B:time[，,]_4_通信(?:时间|耗时)?_2_A:time[，,]_8_通信(?:开销)?占比_4_R:"
        r"share",
        _share,
        unless="重叠|总",
    ),
    _form(
        "吞吐",
        r"batch(?:[_ ]?size)?(?:=|为|是| ?= ?)N:count_12_(?:耗时|延迟|用时|需要?)_3_A:time[，,]_8_吞吐"
        r"量?[ =＝为是：:约]*"
        r"R:plain ?(?:requests?|req|samples?|个?请求|个?样本)/",
        lambda given: [given["n"] / given["a"]],
        unless=r"卡|GPU|并行",
    ),
    _form(
        "throughput",
        r"batch of N:count (?:requests|samples|images)_4_takes_2_A:time_14_throughput_4_R:plain ?"
        r"(?:requests|samples|images|req)(?:/s| per second)",
        lambda given: [given["n"] / given["a"]],
        unless="GPUs",
    ),
    _form(
        "TPOT",
        r"TTFT[ =为是：:约]*A:time[，,]_4_TPOT[ =为是：:约]*B:time[，,]_10_N:count ?个? ?tokens?_8_(?:"
        r"总|共|需要?)_8_[=≈：:是为约 ]*R:time",
        _request,
        unless=r"排队|网络|queue",
    ),
    _form(
        "权重",
        r"(?:权重|参数|模型)_6_A:bytes[，,]_8_带宽_4_B:speed[，,]_6_每个? ?token_10_R:time",
        _quotient,
        unless=r"卡|TP|batch|KV|利用率|实测",
    ),
    _form(
        "序列",
        r"序列长度?_2_从 ?A:count_6_到 ?B:count[，,]_4_(?:注意力|[Aa]ttention)(?:的?计算量?|矩阵|分数|"
        r"显存)?_4_(?:增加|增长|变为|扩大|提升|是)_6_"
        r"R:plain ?倍",
        _square,
        unless="Flash|线性|稀疏|KV",
    ),
    _form(
        "翻倍",
        r"序列长度?(?:翻倍|加倍)[，,]_4_KV ?[Cc]ache_6_(?:变为|增加到|增长到?|扩大)_3_R:plain ?倍",
        _twice,
        unless="batch",
    ),
    _form(
        "reduce",
        r"N:count ?(?:张|个|块)? ?(?:卡|GPUs?)_6_all-?reduce_8_A:bytes_10_每(?:张|个)?(?:卡|GPU)_10_R:"
        r"bytes",
        _ring,
        unless=r"每层|层|次|梯度累积",
    ),
    _form(
        "寄存器",
        r"每个?线程_6_A:count ?个?寄存器[，,]_4_[Bb]lock_?(?:大小|[Ss]ize|Dim)?[ =为是：:]*N:count_10_"
        r"每个? ?[Bb]lock_8_"
        r"R:plain ?个?寄存器",
        lambda given: [given["a"] * given["n"]],
    ),
    _form(
        "共享内存",
        r"每个? ?[Bb]lock_6_B:bytes_2_共享内存[，,]_6_SM_8_A:bytes_8_[，,]_12_R:plain ?个? ?(?:[Bb]loc"
        r"k|线程块)",
        lambda given: [float(floor(given["a"] / given["b"]))],
        bound=True,
    ),
    _form(
        "请求",
        r"(?:剩余?|可用)_8_A:bytes_8_[，,]_4_每个?请求_8_B:bytes[，,]_10_(?:支持|处理|服务|容纳|并发)_"
        r"6_R:plain ?个?_2_(?:请求|并发)",
        _quotient,
        bound=True,
        unless="共享|换出|量化",
    ),
    _form(
        "per request",
        r"A:bytes (?:left|free|available)_8_B:bytes per request_16_R:plain (?:requests|sequences|users"
        r")",
        _quotient,
        bound=True,
    ),
    _form(
        "秒",
        r"A:count ?(?:秒|s|seconds)[ ，,]*(?:≈|=|即|约|等于|（约?|\() ?约?R:time",
        lambda given: [given["a"]],
        unless=r"\+",
    ),
    _form(
        "layers",
        r"N:count layers[;,]?_10_PP ?= ?A:count_4_each (?:stage|GPU|rank)_8_R:plain layers",
        lambda given: [-(-given["n"] // given["a"])],
    ),
    _form(
        "每个",
        r"N:count ?层_6_[，,] ?(?:PP|P|流水线并行度?) ?[=为]? ?A:count[，,]_4_每个? ?(?:stage|阶段|级|"
        r"卡|GPU)_4_R:plain ?层",
        lambda given: [-(-given["n"] // given["a"]), given["n"] // given["a"]],
        unless="V=|虚拟|交错|VPP",
    ),
    _form(
        "矩阵",
        r"N:side ?[×x*] ?(?P<a>\d{2,6})(?![\d.]| ?[×x*]) ?(?:的|大小的)? ?WIDTH ?的?矩阵_4_(?:占用?|需"
        r"要?|大小|是|=)[为是约 ]*R:bytes",
        _matrix,
        unless=r"batch|头|head|层|\d ?个",
    ),
    _form(
        "放",
        r"A:bytes_10_(?:可以|能够?|就能|足以|即可)(?:单卡|完整)?(?:放下|装下|放入|装入|容纳|存放)[^\d\n"
        r"。；，,]{0,14}-?R:billion_6_WIDTH",
        _fitting,
        unless=r"不|无法|\d ?[张块卡x×]|TP|量化|？|\?|[Oo]ffload|卸载|如果|假设",
        bound=True,
    ),
    _form(
        "头",
        r"(?:hidden(?:_size|_dim)?|隐藏层?维度?|d_model) ?[=为是：:]? ?A:count[，,] ?N:count ?个?(?:注"
        r"意力)?头[，,]_2_每个?头_8_R:plain(?![KMG])",
        _head,
        unless="KV|GQA|MLA|head_dim",
    ),
    _form(
        "bit",
        r"每个?(?:权重|参数)_8_A:count ?bits?_8_N:count ?B(?:模型|参数)?_8_R:bytes",
        lambda given: [given["n"] * 1e9 * given["a"] / 8],
    ),
    _form(
        "计算量",
        r"N:count ?B(?:模型|参数)?_6_训练_4_A:count(?P<a_kind>[TB]) ?(?:个 ?)?tokens?_10_计算量_6_(?P<"
        r"r>\d+(?:\.\d+)?[eE]\d+)",
        lambda given: [6 * given["n"] * 1e9 * given["a"] * 1e12, 8 * given["n"] * 1e9 * given["a"] * 1e12],
        unless=r"\d ?B ?tok|MFU|激活",
    ),
)
