"""Laws of caches, weights and their shares: what follows from what in a sentence that gives it all."""

from studykit.claims.judging.formulas import cache_of_token, weights
from studykit.claims.laws.law import Case, Law, Rights, law

_LONG = ("sequence", "token")
_MANY = ("batch", "request")


def _widths(case: Case) -> Rights:
    """The bytes of a number: those of the one format that is named; two first, where there is none or several."""
    return sorted(case.widths, key=lambda width: width != 2.0) or [2.0, 1.0, 4.0]


def _cache(case: Case) -> Rights:
    """Keys and values of a token in all layers, in bytes, times the tokens and the sequences there are."""
    if "head_dim" in case.given:
        shape = {"kv_heads": case.any_of(("kv_head", "head")), "head_dim": case["head_dim"]}
    else:
        shape = {"hidden": case["hidden"]}
    many = case.any_of(_LONG) * case.any_of(_MANY)
    return [cache_of_token(case["layer"], width=width, **shape) * many for width in _widths(case)]


def _by_token(case: Case) -> Rights:
    return [case["bytes@token"] * case.any_of(_LONG) * case.any_of(_MANY)]


def _weights(case: Case) -> Rights:
    size = weights(case["parameter"], next(iter(case.widths))) if len(case.widths) == 1 else 0.0
    return [size / (case.any_of(("gpu",)) if "gpu" in case.given else case.any_of(("TP",)) * case.any_of(("PP",)))]


def _share(case: Case) -> Rights:
    return [case["bytes"] / (case["gpu"] if "gpu" in case.given else case.any_of(("TP",)) * case.any_of(("PP",)))]


def _fewer_heads(case: Case) -> Rights:
    ratio = case["head"] / case["kv_head"]
    return [1 / ratio] if case.result.role == "fraction" else [ratio]


_NO_GROUPS = r"GQA|MQA|MLA|KV ?头|KV heads"
_NO_CACHE = r"MLA|窗口|window|压缩|量化 ?KV|block|页|page|前缀|prefix|每层|per layer|跨层"
_NOT_WEIGHTS = (
    r"训练|[Tt]rain|KV|激活|[Aa]ctivation|优化器|[Oo]ptimi[sz]er|[Gg]radient|梯度|LoRA|剩|left|free|每|per|带宽|缓存|cache"
    r"|checkpoint|[Dd]ownload|磁盘|disk|文件|file|显存的|内存|RAM|可用|显卡|部署|可以|混合|mixed|峰值|总"
)
_NOT_SHARED = (
    r"KV|激活|[Aa]ctivation|训练|[Tt]rain|优化器|[Oo]ptimi[sz]er|ZeRO|FSDP|梯度|[Gg]radient|复制|副本|replica|educe|通信"
    r"|发送|cache|缓存|DP ?=|峰值|剩|left|free|可用|状态|states"
)
_CACHE_INPUTS = (
    "layer=layers kv_head=kv_heads head=heads head_dim=head_dim sequence=sequence token=sequence batch=batch"
    " request=batch width=kv_bytes"
)


def _caches() -> list[Law]:
    found: list[Law] = []
    for shape, unless in (
        ("layer kv_head head_dim", _NO_CACHE),
        ("layer head head_dim", f"{_NO_CACHE}|{_NO_GROUPS}"),
        ("layer hidden", f"{_NO_CACHE}|{_NO_GROUPS}"),
    ):
        may = "parameter head" if "kv_head" in shape else "parameter head" if "hidden" in shape else "parameter"
        for result, rest in (
            ("bytes@token", ("",)),
            ("bytes", ("sequence", "token", "sequence batch", "token batch", "sequence request", "token request")),
            ("bytes@request", _LONG),
        ):
            found += [
                law("kv-cache", result, f"{shape} {more} {result}", _cache, words="KV", unless=unless, may=may,
                    near=0.1, inputs=_CACHE_INPUTS)
                for more in rest
            ]  # fmt: skip
    return found


MEMORY_LAWS = (
    *_caches(),
    *(
        law("kv-cache", "bytes bytes@request", f"bytes@token {more} {result}", _by_token, near=0.1,
            words="KV|缓存|cache|序列|上下文|sequence|context",
            unless=rf"{_NO_CACHE}|激活|[Aa]ctivation|logits|卡|GPU|通信|发送|传输|sent|transfer|读|[Rr]ead|层|layer",
            may="parameter")
        for more in ("sequence", "token", "sequence batch", "token batch", "sequence request", "token request")
        for result in ("bytes", "bytes@request")
    ),
    law("inference-memory", "bytes", "parameter bytes", _weights, words="权重|[Ww]eights|模型大小|[Mm]odel size"
        "|参数显存",
        unless=rf"{_NOT_WEIGHTS}|GPU|卡|TP|PP", near=0.12, high=0.2, inputs="parameter=parameters width=weight_bytes"),
    *(
        law("inference-memory", "bytes@gpu", f"parameter {ways} bytes@gpu", _weights, unless=_NOT_SHARED, near=0.1,
            high=0.3, words="权重|[Ww]eights|参数|param|切|分|split|shard|over|TP",
            inputs="parameter=parameters TP=tensor_parallel PP=stages width=weight_bytes")
        for ways in ("gpu", "TP", "TP PP", "TP gpu", "TP PP gpu")
    ),
    *(
        law("share", "bytes@gpu", f"bytes {ways} bytes@gpu", _share, unless=_NOT_SHARED, near=0.1, high=0.2,
            words="权重|[Ww]eights|模型|[Mm]odel|切|分|split|shard|TP", may="parameter")
        for ways in ("gpu", "TP", "TP PP")
    ),
    law("product", "bytes", "parameter bytes@parameter bytes",
        lambda case: [case["parameter"] * case["bytes@parameter"]], near=0.08,
        unless=r"ZeRO|FSDP|LoRA|卡|GPU|激活|activation|[Oo]ffload"),
    *(
        law("share", result, f"head kv_head {result}", _fewer_heads, words="KV", near=0.02,
            unless="减少了|MQA|MLA|加速|speed|faster|[层层]")
        for result in ("factor", "fraction")
    ),
)  # fmt: skip
