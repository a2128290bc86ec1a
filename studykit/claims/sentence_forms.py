"""The forms of sentences that hold a result and what it comes from, in Chinese and English."""

from math import floor

from studykit.claims.sentence_grammar import form


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
        r"(?:每个? ?token|TPOT|Each token)_12_A:time[，,（( ]_8_(?:每秒|即|i\.e\.|so|or|→)_10_R:plain "
        r"?"
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
        r"es"
        r"(?:的?显存)?[，,] ?(?:一?共|总|合计)_10_R:bytes",
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
        r"N:count ?个? ?SM[，,] ?每个 ?SM_6_A:plain ?个? ?(?:FP32|CUDA|INT32|FP64|Tensor)?_10_(?:一?共"
        r"|总|合计)_8_"
        r"R:plain ?个",
        _times,
    ),
    form(
        "每",
        "每个 SM",
        r"N:count ?个? ?SM[，,] ?每个 ?SM_6_A:plain ?个? ?(?:FP32|CUDA|INT32|FP64|Tensor)?_10_(?:一?共"
        r"|总|合计)_8_"
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
        r"通信(?:时间|耗时)?_2_A:time[，,]_4_计算(?:时间|耗时)?_2_B:time[，,]_8_通信(?:开销)?占比_4_R:"
        r"share",
        _share,
        unless="重叠|总",
    ),
    form(
        "占比",
        "计算",
        r"计算(?:时间|耗时)?_2_B:time[，,]_4_通信(?:时间|耗时)?_2_A:time[，,]_8_通信(?:开销)?占比_4_R:"
        r"share",
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
        r"显存)?_4_(?:增加|增长|变为|扩大|提升|是)_6_"
        r"R:plain ?倍",
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
        r"N:count ?(?:张|个|块)? ?(?:卡|GPUs?)_6_all-?reduce_8_A:bytes_10_每(?:张|个)?(?:卡|GPU)_10_R:"
        r"bytes",
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
        r"每个? ?[Bb]lock_6_B:bytes_2_共享内存[，,]_6_SM_8_A:bytes_8_[，,]_12_R:plain ?个? ?(?:[Bb]loc"
        r"k|线程块)",
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
        r"A:bytes (?:left|free|available)_8_B:bytes per request_16_R:plain (?:requests|sequences|users"
        r")",
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
    form(
        "layers",
        "each",
        r"N:count layers[;,]?_10_PP ?= ?A:count_4_each (?:stage|GPU|rank)_8_R:plain layers",
        lambda given: [-(-given["n"] // given["a"])],
    ),
    form(
        "每",
        "层",
        r"N:count ?层_6_[，,] ?(?:PP|P|流水线并行度?) ?[=为]? ?A:count[，,]_4_每个? ?(?:stage|阶段|级|"
        r"卡|GPU)_4_R:plain ?层",
        lambda given: [-(-given["n"] // given["a"]), given["n"] // given["a"]],
        unless="V=|虚拟|交错|VPP",
    ),
    form(
        "矩阵",
        "P",
        r"N:side ?[×x*] ?(?P<a>\d{2,6})(?![\d.]| ?[×x*]) ?(?:的|大小的)? ?WIDTH ?的?矩阵_4_(?:占用?|需"
        r"要?|大小|是|=)[为是约 ]*R:bytes",
        _matrix,
        unless=r"batch|头|head|层|\d ?个",
    ),
    form(
        "放",
        "GB",
        r"A:bytes_10_(?:可以|能够?|就能|足以|即可)(?:单卡|完整)?(?:放下|装下|放入|装入|容纳|存放)[^\d\n"
        r"。；，,]{0,14}-?R:billion_6_WIDTH",
        _fitting,
        unless=r"不|无法|\d ?[张块卡x×]|TP|量化|？|\?|[Oo]ffload|卸载|如果|假设",
        bound=True,
    ),
    form(
        "头",
        "每",
        r"(?:hidden(?:_size|_dim)?|隐藏层?维度?|d_model) ?[=为是：:]? ?A:count[，,] ?N:count ?个?(?:注"
        r"意力)?头[，,]_2_每个?头_8_R:plain(?![KMG])",
        _head,
        unless="KV|GQA|MLA|head_dim",
    ),
    form(
        "batch",
        "累积",
        r"(?:[Gg]lobal|全局) ?[_-]?batch(?:[ _]size)? ?[=为：:]? ?N:count[，,] ?DP ?= ?A:count[，,] ?micro[- _]?batch"
        r"(?:[ _]size)? ?[=为：:]? ?B:count[，,]_4_累积(?:步数)? ?[=为：:]? ?R:plain",
        lambda given: [given["n"] / given["a"] / given["b"]],
    ),
    form(
        "head_dim",
        "hidden",
        r"hidden(?:_size|_dim)? ?[=为是：:] ?A:count[，,] ?(?:num_heads ?= ?|heads ?= ?)?N:count ?(?:个?头|heads)?"
        r"[，,] ?head_dim ?[=为是：:] ?R:plain(?![KMG])",
        _head,
        unless="KV|GQA|MLA",
    ),
    form(
        "d_model",
        "d_k",
        r"d_model ?= ?A:count[，,] ?(?:h|n_heads|num_heads|heads) ?= ?N:count[，,]_6_d_k ?= ?R:plain",
        _head,
    ),
    form(
        "world_size",
        "pp",
        r"world_size ?= ?N:count[，,] ?tp(?:_size)? ?= ?A:count[，,] ?pp(?:_size)? ?= ?B:count"
        r"_8_dp(?:_size)? ?= ?R:plain",
        lambda given: [given["n"] / given["a"] / given["b"]],
        unless=r"\bcp|\bep",
    ),
    form(
        "bit",
        "每",
        r"每个?(?:权重|参数)_8_A:count ?bits?_8_N:count ?B(?:模型|参数)?_8_R:bytes",
        lambda given: [given["n"] * 1e9 * given["a"] / 8],
    ),
    form(
        "计算量",
        "训练",
        r"N:count ?B(?:模型|参数)?_6_训练_4_A:count(?P<a_kind>[TB]) ?(?:个 ?)?tokens?_10_计算量_6_(?P<"
        r"r>\d+(?:\.\d+)?[eE]\d+)",
        lambda given: [6 * given["n"] * 1e9 * given["a"] * 1e12, 8 * given["n"] * 1e9 * given["a"] * 1e12],
        unless=r"\d ?B ?tok|MFU|激活",
    ),
)
