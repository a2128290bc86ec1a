"""More forms of sentences with a result: requests and tokens, utilisation, speculation, rings, threads and warps."""

from studykit.claims.judging.formulas import all_reduce_sent, request_time, training_operations, weights
from studykit.claims.sentences.grammar import form

Given = dict[str, float]


def _request(given: Given) -> list[float]:
    """TTFT and the tokens after it, or these alone."""
    return [*request_time(given["a"], given["b"], given["n"]), given["n"] * given["b"]]


def _accepted(given: Given) -> list[float]:
    """Tokens a step of speculative decoding gives (Leviathan et al. 2023, eq. 1), or drafts accepted of them."""
    rate, drafts = given["a"] * (0.01 if given["a"] > 1 else 1.0), given["n"]
    if not 0 < rate < 1:
        return []
    expected = (1 - rate ** (drafts + 1)) / (1 - rate)
    return [expected, expected - 1, rate * drafts]


def _training(given: Given) -> list[float]:
    return training_operations(given["n"] * 1e9, given["a"] * 1e12)


def _ring_share(given: Given) -> list[float]:
    return [all_reduce_sent(1, given["n"])]


def _of_peak(given: Given) -> list[float]:
    return [given["a"] * given["b"]]


def _heads(given: Given) -> list[float]:
    """How many times smaller a KV cache is with A heads for keys and values instead of N."""
    return [given["n"] / given["a"]] if given["n"] > given["a"] else []


_ALL = r"(?:一?共|总(?:延迟|时间|耗时|时长)?|合计|端到端(?:延迟)?|需要?)"
_OVERLAPPED = r"并行|重叠|overlap|流水|batch|并发执行"
SERVING_FORMS = (
    form(
        "TPOT",
        "TTFT",
        rf"N:count ?个? ?tokens?_6_TPOT[ =为是：:约]*B:time[，,]_4_TTFT[ =为是：:约]*A:time[，,]_6_{_ALL}_6_R:time",
        _request,
        unless=r"排队|网络|queue",
    ),
    form(
        "TTFT",
        "TPOT",
        rf"N:count ?个? ?tokens?_6_TTFT[ =为是：:约]*A:time[，,]_4_TPOT[ =为是：:约]*B:time[，,]_6_{_ALL}_6_R:time",
        _request,
        unless=r"排队|网络|queue",
    ),
    form(
        "接受率",
        "期望",
        r"接受率[ =为是：:约]*A:plain[，,]_4_(?:γ|gamma|K|k|草稿(?:长度|数)?|draft)[ =为是：:]*N:count"
        r"_6_期望_4_(?:token|接受|生成)_8_R:plain",
        _accepted,
    ),
    form(
        "计算量",
        "token",
        r"N:count ?B ?(?:的?模型|参数)?[、，,]_4_A:count ?T ?(?:个 ?)?tokens?_6_训练(?:总)?计算量_6_"
        r"(?P<r>\d+(?:\.\d+)?[eE]\d+)",
        _training,
        unless=r"MFU|激活|MoE",
    ),
    form(
        "倍",
        "N-1",
        r"2 ?[(（]N ?[-−] ?1[)）] ?/ ?N_6_N ?= ?N:count_8_R:plain ?倍",
        _ring_share,
    ),
    form(
        "MFU",
        "FLOP",
        r"A:plain ?TFLOP(?:S|s|/s)[，,]_4_MFU[ =为是：:约]*B:share[，,]_4_(?:实际|有效|可用|即|约|达到)_6_"
        r"R:plain ?TFLOP",
        _of_peak,
        unless=r"\d ?[张块卡×x]|训练|GPUs",
    ),
    form(
        "串行",
        "每个",
        r"N:count ?个请求_4_每个_4_A:time[，,]_4_串行_8_R:time",
        lambda given: [given["a"] * given["n"]],
        unless=_OVERLAPPED + "|平均等待",
    ),
    form(
        "warp",
        "线程",
        r"N:count ?个?线程的? ?(?:[Bb]lock|线程块)_2_(?:有|含|包含|共|由)_4_R:plain ?个 ?warp",
        lambda given: [-(-given["n"] // 32)],
        unless=r"每个 ?warp_4_\d|SM|寄存器|wavefront|64 ?线程",
    ),
    form(
        "GQA",
        "头",
        r"MHA_4_N:count ?个? ?(?:KV)? ?头_6_GQA_4_A:count ?个? ?(?:KV)? ?头[，,]_10_"
        r"(?:减少|降低|缩小|压缩|降)(?:到|至|为)(?:原来的?)? ?1/(?P<r>\d+)",
        _heads,
    ),
    form(
        "GQA",
        "倍",
        r"MHA_4_N:count ?个? ?(?:KV)? ?头_6_GQA_4_A:count ?个? ?(?:KV)? ?头[，,]_12_"
        r"(?:减少|降低|缩小|压缩|节省)_4_R:plain ?倍",
        _heads,
    ),
    form(
        "倍",
        "KV",
        r"N:count ?个? ?KV ?头_4_(?:到|至|为|→) ?A:count ?个_10_KV ?[Cc]ache_6_(?:减少|降低|缩小|压缩|节省)_4_"
        r"R:plain ?倍",
        _heads,
    ),
    form(
        "参数",
        "B",
        r"N:count ?B(?: ?的?模型| ?参数)?[，,]_6_每个?参数_4_A:count ?(?:bytes?|字节|B(?![A-Za-z]))_12_R:bytes",
        lambda given: [weights(given["n"] * 1e9, given["a"])],
        unless=r"ZeRO|FSDP|卡|GPU|LoRA|\+|激活",
    ),
    form(
        "线程",
        "SM",
        r"SM_6_A:count ?个?线程[，,]_2_(?:[Bb]lock|线程块)_4_N:count ?个?线程[，,]_8_"
        r"R:plain ?个? ?(?:[Bb]lock|线程块)",
        lambda given: [float(given["a"] // given["n"])],
        bound=True,
        unless="寄存器|共享内存",
    ),
)
