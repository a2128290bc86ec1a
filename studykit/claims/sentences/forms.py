"""The forms of sentences that hold a result and what it comes from, in Chinese and English: tokens, times, memory.

Those about the sizes of models and layouts are in `model_forms`, those about serving in `serving_forms`.
"""

from math import floor

from studykit.claims.judging.formulas import all_reduce_sent, reduce_scatter_sent, request_time
from studykit.claims.sentences.grammar import form


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
    ring = [all_reduce_sent(size, ways), reduce_scatter_sent(size, ways)]
    return [*ring, size, 2 * size, (ways - 1) * size, 2 * (ways - 1) * size]


def _request(given: dict[str, float]) -> list[float]:
    return request_time(given["a"], given["b"], given["n"])


def _square(given: dict[str, float]) -> list[float]:
    ratio = given["b"] / given["a"]
    return [ratio**2, ratio**2 - 1] if ratio > 1 else []


def _twice(_given: dict[str, float]) -> list[float]:
    return [2.0, 1.0]


_TOTAL = r"(?:一?共|总|合计|需要?|占|就?是|要|=|＝|约|total|is|needs?|takes?)"
_EACH = r"每(?:个|张|台|块|条|次)? ?"
_MORE = r"每层|每头|每卡|每个头|layer|batch|批|并发|(?<!单)(?<!单个)请求|TP(?!OT)|TTFT|首|并行|重叠|overlap|流水"
FORMS = (
    form(
        "每",
        "token",
        rf"每个? ?token_14_A:bytes_8_N:count ?个? ?tokens?_10_{_TOTAL}_6_R:bytes",
        _times,
        unless=_MORE,
    ),
    form(
        "per token",
        "tokens",
        r"N:count tokens_12_A:bytes (?:per|a|each) token_16_R:bytes",
        _times,
        unless=_MORE,
    ),
    form(
        "per token",
        "tokens",
        r"A:bytes (?:per|a) token_16_N:count tokens_16_R:bytes",
        _times,
        unless=_MORE,
    ),
    form(
        "每",
        "token",
        rf"每个? ?token_12_A:time_10_N:count ?个? ?tokens?_8_{_TOTAL}_6_R:time",
        _tokens_in_time,
        unless=_MORE,
    ),
    form(
        "token",
        "ms",
        r"(?:每个? ?token|TPOT|Each token)_12_A:time[，,（( ]_8_(?:每秒|即|i\.e\.|so|or|→)_10_R:plain ?"
        r"(?:个 ?)?(?:tokens?|tok)(?:/s| per second|(?![A-Za-z/]))",
        _rate,
        unless=_MORE + "|卡|GPUs",
    ),
    form(
        "每",
        "每层",
        r"每层_10_A:time[，,] ?N:count ?层_4_(?:一?共|总|合计|需要?)_6_R:time",
        _times,
        unless=r"\d ?次|前向|反向|流水|重叠|PP|stage|\+",
    ),
    form(
        "每",
        "每层",
        r"每层_10_A:bytes[，,] ?N:count ?层_4_(?:一?共|总|合计|需要?)_6_R:bytes",
        _times,
        unless=r"\d ?次|TP|重算|\+|batch",
    ),
    form(
        "步",
        "步",
        r"(?:每|单)一?步_6_A:time[，,]_6_N:count ?步_4_(?:一?共|总|合计|需要?)_6_R:time",
        _times,
        unless=r"\+|卡",
    ),
    form(
        "每",
        "每次",
        r"每次_8_A:time[，,] ?N:count ?次_6_(?:一?共|总|合计|需要?)_6_R:time",
        _times,
        unless=r"\+|并行|重叠|流水",
    ),
    form(
        "每",
        "B",
        rf"N:count ?(?:张|块|个)? ?(?:GPU|卡|A100|H100|V100|A800|H800)[，,] ?{_EACH}(?:GPU|卡)?_4_A:byt"
        r"es(?:的?显存)?[，,] ?(?:一?共|总|合计)_10_R:bytes",
        _times,
        unless=r"利用率|可用|预留|\+",
    ),
    form(
        "每",
        "每台",
        r"N:count ?台_8_[，,] ?每台_4_A:plain ?[张块个卡] ?(?:GPU|[AHV]\d00)?[，,] ?(?:一?共|总|合计)_"
        r"8_R:plain ?(?:[张块个] ?)?(?:GPU|卡)",
        _times,
        unless=r"\+|备用|故障",
    ),
    form(
        "每",
        "每个SM",
        r"N:count ?个? ?SM[，,] ?每个 ?SM_6_A:plain ?个? ?(?:FP32|CUDA|INT32|FP64|Tensor)?_10_(?:一?共|总|合计)_8_"
        r"R:plain ?个",
        _times,
    ),
    form(
        "每",
        "每个 SM",
        r"N:count ?个? ?SM[，,] ?每个 ?SM_6_A:plain ?个? ?(?:FP32|CUDA|INT32|FP64|Tensor)?_10_(?:一?共|总|合计)_8_"
        r"R:plain ?个",
        _times,
    ),
    form(
        "剩",
        "GB",
        r"A:bytes(?:显存)?[，,）)]_8_(?:权重|模型|参数)_8_B:bytes[，,]_6_剩_4_R:bytes",
        _left,
        bound=True,
        unless=r"量化|\d ?[张卡]|[x×]",
    ),
    form(
        "占比",
        "计算",
        r"通信(?:时间|耗时)?_2_A:time[，,]_4_计算(?:时间|耗时)?_2_B:time[，,]_8_通信(?:开销)?占比_4_R:share",
        _share,
        unless="重叠|总",
    ),
    form(
        "占比",
        "计算",
        r"计算(?:时间|耗时)?_2_B:time[，,]_4_通信(?:时间|耗时)?_2_A:time[，,]_8_通信(?:开销)?占比_4_R:share",
        _share,
        unless="重叠|总",
    ),
    form(
        "吞吐",
        "batch",
        r"batch(?:[_ ]?size)?(?:=|为|是| ?= ?)N:count_12_(?:耗时|延迟|用时|需要?)_3_A:time[，,]_8_吞吐"
        r"量?[ =＝为是：:约]*"
        r"R:plain ?(?:requests?|req|samples?|个?请求|个?样本)/",
        lambda given: [given["n"] / given["a"]],
        unless=r"卡|GPU|并行",
    ),
    form(
        "throughput",
        "batch of",
        r"batch of N:count (?:requests|samples|images)_4_takes_2_A:time_14_throughput_4_R:plain ?"
        r"(?:requests|samples|images|req)(?:/s| per second)",
        lambda given: [given["n"] / given["a"]],
        unless="GPUs",
    ),
    form(
        "TPOT",
        "TTFT",
        r"TTFT[ =为是：:约]*A:time[，,]_4_TPOT[ =为是：:约]*B:time[，,]_10_N:count ?个? ?tokens?_8_(?:"
        r"总|共|需要?)_8_[=≈：:是为约 ]*R:time",
        _request,
        unless=r"排队|网络|queue",
    ),
    form(
        "权重",
        "带宽",
        r"(?:权重|参数|模型)_6_A:bytes[，,]_8_带宽_4_B:speed[，,]_6_每个? ?token_10_R:time",
        _quotient,
        unless=r"卡|TP|batch|KV|利用率|实测",
    ),
    form(
        "序列",
        "倍",
        r"序列长度?_2_从 ?A:count_6_到 ?B:count[，,]_4_(?:注意力|[Aa]ttention)(?:的?计算量?|矩阵|分数|"
        r"显存)?_4_(?:增加|增长|变为|扩大|提升|是)_6_R:plain ?倍",
        _square,
        unless="Flash|线性|稀疏|KV",
    ),
    form(
        "序列",
        "翻倍",
        r"序列长度?(?:翻倍|加倍)[，,]_4_KV ?[Cc]ache_6_(?:变为|增加到|增长到?|扩大)_3_R:plain ?倍",
        _twice,
        unless="batch",
    ),
    form(
        "reduce",
        "每",
        r"N:count ?(?:张|个|块)? ?(?:卡|GPUs?)_6_all-?reduce_8_A:bytes_10_每(?:张|个)?(?:卡|GPU)_10_R:bytes",
        _ring,
        unless=r"每层|层|次|梯度累积",
    ),
    form(
        "寄存器",
        "线程",
        r"每个?线程_6_A:count ?个?寄存器[，,]_4_[Bb]lock_?(?:大小|[Ss]ize|Dim)?[ =为是：:]*N:count_10_"
        r"每个? ?[Bb]lock_8_"
        r"R:plain ?个?寄存器",
        lambda given: [given["a"] * given["n"]],
    ),
    form(
        "共享内存",
        "SM",
        r"每个? ?[Bb]lock_6_B:bytes_2_共享内存[，,]_6_SM_8_A:bytes_8_[，,]_12_R:plain ?个? ?(?:[Bb]lock|线程块)",
        lambda given: [float(floor(given["a"] / given["b"]))],
        bound=True,
    ),
    form(
        "请求",
        "每个请求",
        r"(?:剩余?|可用)_8_A:bytes_8_[，,]_4_每个?请求_8_B:bytes[，,]_10_(?:支持|处理|服务|容纳|并发)_"
        r"6_R:plain ?个?_2_(?:请求|并发)",
        _quotient,
        bound=True,
        unless="共享|换出|量化",
    ),
    form(
        "per request",
        "B",
        r"A:bytes (?:left|free|available)_8_B:bytes per request_16_R:plain (?:requests|sequences|users)",
        _quotient,
        bound=True,
    ),
    form(
        "秒",
        "秒",
        r"A:count ?(?:秒|s|seconds)[ ，,]*(?:≈|=|即|约|等于|（约?|\() ?约?R:time",
        lambda given: [given["a"]],
        unless=r"\+",
    ),
)
