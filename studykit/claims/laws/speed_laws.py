"""Laws of time, rate, operations, communication and cost: what follows from what in a sentence that gives it all."""

from studykit.claims.judging.bubble import IDEAL, Size, ratio
from studykit.claims.judging.formulas import all_reduce_sent, request_time, token_operations, training_operations
from studykit.claims.laws.law import Case, Law, Rights, law

_TOGETHER = (
    r"总吞吐|系统|聚合|[Aa]ggregate|[Tt]otal|并发|concurren|prefill|预填|输入|input|多卡|张卡|GPUs|batch|批|草稿|draft|投机"
    r"|[Ss]peculat|MTP|接受"
)


def _inverse(case: Case) -> Rights:
    """A rate from the time of a token, or the time from the rate; whichever stands last."""
    return [1 / (case["time@token"] if case.result.role == "rate" else case["rate"])]


def _of_batch(case: Case) -> Rights:
    time = case.given.get("time@token") or case["time@step"]
    return [case["batch"] / time, *([1 / time] if "time@token" in case.given else [])]


def _answer_time(case: Case) -> Rights:
    first, each, tokens = case["time@first"], case["time@token"], case["token"]
    return [*reversed(request_time(first, each, tokens)), tokens * each]


def _read(case: Case) -> Rights:
    time = case["bytes"] / case["speed"]
    return [1 / time] if case.result.role == "rate" else [time]


def _sent(case: Case) -> Rights:
    return [case["bytes"] / case["bits"]]


def _ring(case: Case) -> Rights:
    ways = case.any_of(("gpu", "N"))
    if ways < 2:
        return []
    return [all_reduce_sent(1 if case.result.role == "factor" else case.any_of(("bytes", "bytes@gpu")), ways)]


def _ring_time(case: Case) -> Rights:
    """By a ring, also of both directions, of one half of it, or with the factor left at two or one."""
    ways, once = case["gpu"], case["bytes"] / case["speed"]
    if ways < 2:
        return []
    whole = all_reduce_sent(once, ways)
    return [whole, whole / 2, 2 * once, once, once / 2]


def _token_work(case: Case) -> Rights:
    """Two operations a parameter; six with the backward pass, one if multiply-adds are counted."""
    forward, both = token_operations(case["parameter"])
    return [forward, *([] if "2N" in case.formulas else [both, case["parameter"]])]


def _training(case: Case) -> Rights:
    plain, recomputed = training_operations(case["parameter"], case["token"])
    return [plain, *([] if "6ND" in case.formulas else [recomputed])]


def _utilisation(case: Case) -> Rights:
    """The share from two figures, or the second figure from the first and the share."""
    parts = case.told.parts
    first, second, last = parts[0].value, parts[1].value, parts[2]
    if last.role == "share":
        return [min(first, second) / max(first, second)]
    return [first * second]


def _bubble(case: Case) -> Rights:
    size = Size(int(case["PP"]), int(case["microbatch"]), int(case.any_of(("V",))))
    if not (2 <= size.stages <= 1024 and size.microbatches and 1 <= size.chunks <= 64):
        return []
    found = [ratio(size)]
    if not case.formulas & {"interleaved", "bubble"}:
        found.append(ratio(size, IDEAL))
        if size.chunks > 1:
            plain = size._replace(chunks=1)
            found += [ratio(plain) / size.chunks, ratio(plain, IDEAL) / size.chunks]
    return found


def _faster(case: Case) -> Rights:
    one, other = (part.value for part in case.told.parts[:2])
    times = max(one, other) / min(one, other) if min(one, other) else 0.0
    return [times, 1 / times, times - 1] if times else []


_OF_WEIGHTS = r"权重|[Ww]eights|模型|[Mm]odel|[Rr]ead|读取?"
_NOT_READ = r"卡|GPUs|TP|educe|双向|利用率|efficien|KV|batch ?(?:size)? ?(?:=|of)? ?[2-9]|激活|activation|通信|层|layer"
SPEED_LAWS: tuple[Law, ...] = (
    law("rate", "time@token rate", "time@token rate", _inverse, unless=rf"{_TOGETHER}|卡|GPU"),
    *(
        law("rate", "rate", f"batch {time} rate", _of_batch, unless=r"卡|GPUs|prefill|输入|实测", near=0.08)
        for time in ("time@token", "time@step")
    ),
    law(
        "rate",
        "requests",
        "batch time requests",
        lambda case: [case["batch"] / case["time"]],
        near=0.08,
        unless=r"卡|GPUs|并行|流水|实测|重叠|TTFT|TPOT|首|P99|P95|[Pp]ipelin|async",
    ),
    law(
        "time", "time", "time@first time@token token time", _answer_time, unless="排队|网络|queue|batch|并发", near=0.06
    ),
    *(
        law(
            "transfer",
            result,
            f"bytes speed {result}",
            _read,
            words=_OF_WEIGHTS,
            unless=_NOT_READ,
            near=0.12,
            may="parameter batch" if result == "rate" else "parameter",
        )
        for result in ("time@token", "rate")
    ),
    law(
        "transfer",
        "time",
        "bytes bits time",
        _sent,
        near=0.1,
        high=0.4,
        unless="卡|GPUs|educe|双向|利用率|efficien|实测",
        inputs="bytes=bytes bits=bandwidth",
    ),
    *(
        law(
            "all-reduce",
            result,
            f"{ways} {result}",
            _ring,
            words="educe|ring|Ring|环",
            near=0.04,
            unless="树|tree|层次|hierarch",
        )
        for ways in ("gpu", "N")
        for result in ("factor",)
    ),
    *(
        law(
            "all-reduce",
            result,
            f"gpu {size} {result}",
            _ring,
            words=r"#.{0,8}[=≈为是]",
            unless="树|tree|层",
            near=0.08,
        )
        for size, result in (("bytes", "bytes@gpu"), ("bytes@gpu", "bytes"))
    ),
    law(
        "all-reduce",
        "time",
        "gpu bytes speed time",
        _ring_time,
        words="[Aa]ll-?[Rr]educe",
        near=0.15,
        unless=r"每层|层|树|tree|\d ?次|累积|桶|bucket|(?<!同)步|机|节点|node|实测|measured",
        inputs="gpu=ranks",
    ),
    law(
        "operations",
        "flops",
        "parameter flops",
        _token_work,
        near=0.06,
        words=r"每个? ?token|(?:per|a|each|one)[- ]token|一个 ?token|生成.{0,6}token",
        unless=r"训练|[Tt]rain|MoE|反向|backward|[PT]FLOPS|/s|峰值|peak|激活|注意力|attention|prefill",
    ),
    law(
        "operations",
        "flops",
        "parameter token flops",
        _training,
        near=0.06,
        words=r"#|训练|[Tt]rain",
        unless=r"MoE|激活|MFU|卡|GPU|天|day|推理|[Ii]nference|前向|forward",
    ),
    law(
        "utilisation",
        "share flops",
        "flops flops share",
        _utilisation,
        near=0.04,
        words="MFU|HFU|利用率|峰值|peak|[Uu]tili[sz]ation|实际|有效|[Aa]chieved|效率",
        unless="提升|improve|降|稀疏|spars|[×x] ?\\d|卡",
    ),
    law(
        "bubble",
        "share",
        "PP microbatch share",
        _bubble,
        words="气泡|[Bb]ubble",
        near=0.03,
        unless=r"交错|[Ii]nterleav|虚拟|[Vv]irtual|效率|利用率|[Ee]fficien|[Uu]tili|[Zz]ero|零气泡|\bZB|DualPipe|Chimera|异步|ideal|口径|convention|Megatron|实测|有效"
        r"|降|减|少|reduc|lower|增|比.{0,6}[低高]|#\B(?<!#)",
        inputs="PP=stages microbatch=microbatches",
    ),
    law(
        "bubble",
        "share",
        "PP V microbatch share",
        _bubble,
        words="气泡|[Bb]ubble",
        near=0.03,
        unless=r"效率|利用率|[Ee]fficien|[Uu]tili|[Zz]ero|零气泡|\bZB|DualPipe|Chimera|异步|减少|reduc|节省|BFS|ideal|口径|convention|Megatron|实测|有效",
        inputs="PP=stages microbatch=microbatches V=chunks",
    ),
    law(
        "cost",
        "money",
        "gpu money@hour time money",
        lambda case: [case["gpu"] * case["money@hour"] * case["time"] / 3600],
        unless="折扣|[Ss]pot|discount|节省|sav",
    ),
    law(
        "product",
        "power",
        "gpu power@gpu power",
        lambda case: [case["gpu"] * case["power@gpu"]],
        unless="CPU|利用率|整机|PUE|包括|including|峰值",
    ),
    law(
        "product",
        "energy",
        "gpu power time energy",
        lambda case: [case["gpu"] * case["power"] * case["time"] / 3600],
        unless="PUE|利用率|整机",
    ),
    law(
        "unit",
        "speed",
        "bits speed",
        lambda case: [case["bits"]],
        near=0.12,
        words=r"[Bbs](?:ps|/s|it/s)? ?(?:[,，（(]? ?(?:即|约|合|=|≈|i\.e\.|or|也就是|等于|相当于|~)|[（(])",
        unless=r"双向|单向|bidirectional|每方向|各|实际|有效|测|vs|到|→|NVLink|PCIe|HBM|卡|内|比",
    ),
    *(
        law(
            "change",
            "factor",
            f"{kind} {kind} factor",
            _faster,
            near=0.08,
            words=r"[Ss]peed-?up|faster|加速|提速|快",
            unless="吞吐.*延迟|降低|减少|batch",
        )
        for kind in ("time", "rate")
    ),
)
