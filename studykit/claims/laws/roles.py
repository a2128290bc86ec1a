"""A sentence as amounts with parts to play: `每 token 128 KB，8K 上下文需要 1 GB` is a size a token, tokens, a size.

The part follows from the unit, from the word behind a bare number (`32 层`) or the label before it (`TP=8`), and for
sizes and times from what its clause says they are of (`每卡`, `per token`). A sentence with any other number in it has
no amounts at all, so that what follows from them cannot have been overlooked.
"""

import re
from typing import NamedTuple

from studykit.vault.later import later

LONGEST, MOST = 260, 9
_BYTES = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_TIMES = {
    "ms": 1e-3, "毫秒": 1e-3, "us": 1e-6, "μs": 1e-6, "µs": 1e-6, "微秒": 1e-6, "s": 1.0, "秒": 1.0, "seconds": 1.0,
    "second": 1.0, "分钟": 60.0, "minutes": 60.0, "小时": 3600.0, "hours": 3600.0, "hour": 3600.0, "h": 3600.0,
    "天": 86400.0, "days": 86400.0,
}  # fmt: skip
_LARGE = {"K": 1024.0, "k": 1000.0, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12}
WIDTHS = {"32": 4.0, "16": 2.0, "8": 1.0, "4": 0.5}
_FORMATS = later(
    r"(?=[FBINfbin348h半1])(?:(?<![A-Za-z])(?:FP|BF|INT|fp|bf|int|float|bfloat|NF|nf)-?(?P<bits>32|16|8|4)(?!\d)"
    r"|(?<![\d.])(?P<other>32|16|8|4)[ -]?(?:bits?\b|位)|(?P<half>半精度|half precision))"
)
_FORMAT_WORDS = ("FP", "BF", "INT", "fp", "bf", "int", "float", "NF", "nf", "bit", "位", "半精度", "half")
_MODEL = later(
    r"(?=[A-Z])(?<![A-Za-z])(?:[A-Z][A-Za-z]*[a-z]?|GPT|OPT|BLOOM)(?:[- ]?\d+(?:\.\d+)?)?[- ]"
    r"(?=\d+(?:\.\d+)?B(?![A-Za-z]))"
)
_MIXED = ("MoE", "专家", "xpert", "激活参数", "active param")
_MIXTURE = later(r"\d ?[x×] ?\d+B")
_LEADING = later(r"[ >]*(?:[-*•]|\d{1,2}[.)、])(?= )")
# The set before the alternatives spares most places all of them.
_NAMES = later(
    r"(?=[AHVBLRMGNPZlQF123aEWSTCOsftco方配步版阶案示例图表第场策])"
    r"(?:(?:[AHVBL]|RTX ?|MI|GTX ?)\d{2,4}[A-Za-z]*|NVLink ?\d(?:\.\d)?(?!\d)|PCIe ?(?:Gen ?)?\d(?:\.\d)?(?: ?x16)?"
    r"|HBM\d?e?|ZeRO-?\d|GPT-?\d(?:\.\d)?(?![\d.]*B)|[Ll]la[Mm][Aa][- ]?\d(?:\.\d)?(?![\d.]*B)|LLaMA-?\d(?![\d.]*B)"
    r"|Qwen-?\d?(?:\.\d)?(?![\d.]*B)|F1F?1?B\b|1F1B|3D\b|2D\b|all-?reduce ?\d(?=\))|HDR|NDR|EDR|\bW\dA\d+\b"
    r"|(?:方案|配置|步骤|版本|阶段|案例|示例|例|图|表|第|场景|方法|策略"
    r"|[Ss]tep|[Ff]igure|[Tt]able|[Cc]ase|[Oo]ption) ?\d+"
    r"(?=[:：.、 ）)]|[一-龥]))"
)
_SYMBOLS = later(r"[26] ?[×*·]? ?[(（NnPp]|[(（] ?[Pp] ?[-−–]")
FORMULAS = {
    "6ND": later(r"6 ?[×*·]? ?N ?[×*·]? ?D\b|6 ?[×*·]? ?P ?[×*·]? ?D\b"),
    "2N": later(r"(?<![\d.])2 ?[×*·]? ?[NP](?![A-Za-z=]) ?(?![DP(])"),
    "ring": later(r"2 ?[×*·]? ?[(（] ?[NnPp] ?[-−–] ?1 ?[)）] ?/ ?[NnPp](?![A-Za-z])(?: ?[×*·] ?)?"),
    "interleaved": later(
        r"[(（] ?[Pp] ?[-−–] ?1 ?[)）] ?/ ?[(（] ?(?:[VvMm] ?[·×*⋅]? ?[MmVv]) ?\+ ?[Pp] ?[-−–] ?1 ?[)）]"
    ),
    "bubble": later(
        r"[(（] ?[Pp] ?[-−–] ?1 ?[)）] ?/ ?[(（] ?(?:[Mm] ?\+ ?[Pp] ?[-−–] ?1|[Pp] ?[-−–] ?1 ?\+ ?[Mm]) ?[)）]"
    ),
}
_NOUNS = (
    r"(?P<layer>层|[- ]?layers?\b)|(?P<kv_head>个? ?KV ?头|(?:KV|key[-/ ]value)[- ]heads?\b)"
    r"|(?P<head>个?(?:注意力|查询|Q ?)?头(?!维)|(?:query |attention |Q )?heads\b)"
    r"|(?P<gpu>(?:张|块|个|台)? ?(?:GPUs?(?![A-Za-z])|卡|显卡|cards\b|ranks\b|[#]{3,4})|张(?!量))"
    r"|(?P<sequence>个? ?(?:tokens? ?)?的?(?:上下文|序列|context\b)|-token (?:context|sequence|prompt|window)s?)"
    r"|(?P<token>个? ?tokens?\b|-tokens?\b)"
    r"|(?P<request>个?(?:并发)?请求|路?并发|条(?:请求|序列)|(?:concurrent )?(?:requests|sequences|users)\b)"
    r"|(?P<microbatch>个? ?(?:[Mm]icro-?\s?batch(?:es)?|微批次?))"
    r"|(?P<stage>个?(?: ?(?:pipeline )?stages?\b|级|阶段))"
    r"|(?P<node>台(?:机器|服务器)?|个?节点|nodes?\b)"
)
_UNITS = (
    r"(?P<speed>[KMGT]i?B(?:/s|ps|/秒)|[KMGT]B per second)|(?P<bits>[KMGT](?:bit/s|bps|b/s|bits/s))"
    r"|(?P<bytes>[KMGTP]i?B(?![A-Za-z])|字节|bytes?\b)"
    r"|(?P<rate>(?:个 ?)?(?:tokens?|tok)(?:/s(?:ec)?\b|/秒| per second| a second)|TPS\b)"
    r"|(?P<requests>(?:requests?|req|samples?|imgs?|images)(?:/s|/秒| per second)|QPS\b)"
    r"|(?P<flops>[MGTPE]?FLOPs?(?:/s)?(?![A-Za-z])|[MGTPE]FLOPS(?![A-Za-z]))"
    r"|(?P<time>毫秒|微秒|秒|分钟|小时|天|(?:ms|us|μs|µs|seconds?|s|minutes|hours?|h|days)(?![A-Za-z/]))"
    r"|(?P<energy>k?Wh\b)|(?P<power>k?W\b|瓦)|(?P<factor>倍|[x×](?! ?\d)(?![A-Za-z])|[- ]?times\b|-fold\b)|(?P<share>%)"
    r"|(?P<parameter>(?:B|M|亿|万亿)(?: ?(?:个)?参数| parameters| params)|B(?![A-Za-z]))"
)
_QUANTITY = later(
    r"(?=[\d$¥])(?<![\w.,])(?<![\d.][-–~])(?:(?P<money>\$|¥) ?|(?P<part>1 ?/ ?))?(?P<number>\d{1,4}(?:,\d{3})+"
    r"|\d{1,12}(?:\.\d+)?(?:[eE]\d{1,2})?)"
    rf"(?: ?(?:(?P<large>(?:万亿|万|亿|[KkMBT](?! ?FLOP)|[GT](?= FLOP))(?=(?: ?个)?[ -]?(?:tokens?\b|的?上下文|context"
    rf"|FLOP)|(?<=[Kk])(?![A-Za-z]))))?"
    rf"(?:[ -]?(?:{_UNITS})|{_NOUNS}| ?(?:{_NOUNS.replace('?P<', '?P<_')}))?)?(?![\d.]*\d)(?![eE]\d)"
    r"(?P<of> ?(?:/|per |a |每)(?: ?(?:个|张))?(?:token|tok\b|GPU|卡|card|layer|层|request|请求|参数|param(?:eter)?"
    r"|weight|step|小时|hour|h\b|rank|device)s?)?"
)
_LABELS = {
    "TP": r"(?:TP(?:_size| degree| size)?|张量并行(?:度)?|tensor[- ]parallel(?:ism|_size| size| degree)?)",
    "PP": r"(?:PP(?:_size)?|P|流水线(?:并行度?|级数|深度)|pipeline[- ]parallel(?:ism|_size| size)?)",
    "DP": r"(?:DP(?:_size)?|数据并行度?|data[- ]parallel(?:ism|_size| size)?)",
    "V": r"(?:V|VPP?)",
    "gpu": r"(?:#? ?GPUs?|卡|显卡)(?: ?数量?| count)|#GPUs?|(?:number|[Nn]umber) of GPUs",
    "N": r"(?:[Nn]|world_size)",
    "microbatch": r"(?:M|[Mm]icro-?\s?batch(?:es)? ?(?:数量?|个数|count)?|微批次?数?)",
    "batch": r"(?:[Bb]atch(?:[ _-]?size)?(?: of)?|批(?:次)?大小|batch 大小)",
    "sequence": r"(?:seq(?:_?len)?|序列长度?|上下文(?:长度)?|context(?: length)?|sequence length)",
    "layer": r"(?:(?:num_|n_)?(?:hidden_)?layers|层数|L)",
    "kv_head": r"(?:(?:num_|n_)?(?:kv|key_value)_heads|KV ?头数?|KV heads)",
    "head": r"(?:(?:num_|n_)?(?:attention_)?heads|(?:注意力|查询)?头数?|(?:query|attention) heads)",
    "head_dim": r"(?:head[_ ]?dim(?:ension)?|头维度?|每?个?头的?维度|d_head|head size)",
    "hidden": r"(?:hidden(?:[_ ]?(?:size|dim(?:ension)?))?|隐藏层?维度|d_model|H)",
}
_LABEL = later(
    r"(?<![A-Za-z_\d])(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _LABELS.items())
    + r")[ *`]*(?:=|:|：|为|是|of|is|取)?[ *`]*$"
)  # fmt: skip
_BEHIND = later(r" ?[（(](?P<way>TP|PP|DP)[)）]| ?(?P<other>head dimension|head_dim|hidden)\b")
_CLAUSE = later(r"[，,；;。（(]|\b(?:so|and|that|which)\b|[则即]|对应|相当于|corresponds?")
_OF = {
    "token": later(r"每个? ?token|(?:per|each|a|one)[- ]token|单个? ?token|/ ?token|TPOT|ITL|TBT"
        r"|[Ii]nter-token", re.IGNORECASE),
    "layer": later(r"每一?层|per[- ]layer|each layer|/ ?层", re.IGNORECASE),
    "gpu": later(r"每张?卡|每[个张块] ?GPU|每 ?GPU|单卡|per[- ](?:GPU|card|device|rank)|each (?:GPU|card)|/ ?(?:GPU|卡)"
        r"|one GPU",
                 re.IGNORECASE),
    "parameter": later(r"每个?(?:参数|权重)|/ ?参数|per (?:param|weight)|/ ?param", re.IGNORECASE),
    "first": later(r"TTFT|首个? ?token|[Ff]irst token|[Pp]refill"),
    "step": later(r"每一?步|decode step|per step|[Ss]tep time|单步|each step|每次迭代|a step of"),
    "hour": later(r"每小时|/ ?小时|per hour|/ ?h(?:our)?\b|an hour", re.IGNORECASE),
    "request": later(r"每个?请求|per request|each request|/ ?请求", re.IGNORECASE),
}  # fmt: skip
_EACH_OF = {
    "bytes": ("token", "layer", "gpu", "parameter", "request"), "time": ("token", "step", "first", "layer"),
    "money": ("hour",), "rate": ("gpu", "request"), "power": ("gpu",),
}  # fmt: skip
_DIGIT = later(r"\d")
_FOLLOWING = later(r"[^\d，,；;。（(.|]{0,28}")


class Part(NamedTuple):
    """An amount with the part it plays: `role` is its kind, with what it is of behind an at sign: `bytes@token`.

    `value` is in base units, `step` the worth of its last digit, `scale` of one in its unit; `at` its place.
    """

    role: str
    value: float
    step: float
    scale: float
    number: str
    unit: str
    at: int
    end: int

    @property
    def written(self) -> str:
        """The number with its unit."""
        return f"{self.number} {self.unit.strip()}".rstrip()


class Told(NamedTuple):
    """The parts of a sentence, the bytes of the formats it names, and the formulas that stand in it.

    `text` has names and formulas blotted out and is as long as `source`.
    """

    source: str
    text: str
    parts: tuple[Part, ...]
    widths: frozenset[float]
    formulas: frozenset[str]

    def followed_by(self, other: "Told") -> "Told":
        """Both as one sentence."""
        start = len(self.text) + 1
        parts = tuple(part._replace(at=part.at + start, end=part.end + start) for part in other.parts)
        return Told(
            f"{self.source}；{other.source}", f"{self.text}；{other.text}", self.parts + parts,
            self.widths | other.widths, self.formulas | other.formulas,
        )  # fmt: skip


def read(text: str) -> Told | None:
    """What a text tells, be it nothing; None where a number in it is not understood."""
    if any(word in text for word in _MIXED) or ("B" in text and _MIXTURE.search(text)):
        return None
    formulas, rest = set(), text
    for name, form in FORMULAS.items() if _SYMBOLS.search(text) else ():
        rest, count = form.subn(_masked, rest)
        if count:
            formulas.add(name)
    widths: set[float] = set()
    formatted = any(word in rest for word in _FORMAT_WORDS)
    for found in _FORMATS.finditer(rest) if formatted else ():
        widths.add(2.0 if found["half"] else WIDTHS[found["bits"] or found["other"]])
    rest = _MODEL.sub(_spared, rest) if "B" in rest else rest
    rest = _FORMATS.sub(_masked, rest) if formatted else rest
    rest = _NAMES.sub(_masked, rest)
    if leading := _LEADING.match(rest):
        rest = "#" * leading.end() + rest[leading.end() :]
    parts: list[Part] = []
    at = 0
    for found in _QUANTITY.finditer(rest):
        if _DIGIT.search(rest, at, found.start()):
            return None
        part = _part(rest, found, at)
        if part is None:
            return None
        if part.role == "bytes@width":
            widths.add(part.value)
        else:
            parts.append(part)
        at = found.end()
        behind = _BEHIND.match(rest, at)
        at = behind.end() if behind else at
    if _DIGIT.search(rest, at):
        return None
    return Told(text, rest, tuple(parts), frozenset(widths), frozenset(formulas))


def _masked(found: re.Match[str]) -> str:
    return "#" * len(found[0])


def _spared(found: re.Match[str]) -> str:
    """The name of a model without its version, a space before its size."""
    return _DIGIT.sub("#", found[0][:-1]) + " "


def _part(text: str, found: re.Match[str], at: int) -> Part | None:
    digits = found["number"].replace(",", "")
    kind, unit = next(((name, found[name]) for name in _KINDS if found[name]), ("", ""))
    role, scale = _role(text, found, at, kind, unit)
    if not role:
        return None
    if found["large"]:
        scale *= _LARGE[found["large"]]
    value = float(digits) * scale
    mantissa, _, power = digits.lower().partition("e")
    step = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2])) * scale
    if found["part"]:
        role, value, step = "fraction", 1 / value if value else 0.0, 0.0
    shown = (found["large"] or "") + unit
    return Part(role, value, step, scale, found["number"], shown, found.start("number"), found.end())


_KINDS = ("speed", "bits", "bytes", "rate", "requests", "flops", "time", "energy", "power", "factor", "share",
          "parameter")  # fmt: skip
_COUNTS = ("layer", "kv_head", "head", "gpu", "sequence", "token", "request", "microbatch", "stage", "node")


def _role(text: str, found: re.Match[str], at: int, kind: str, unit: str) -> tuple[str, float]:
    """The role and what one is worth in base units; empty where the number is not understood."""
    if found["money"]:
        return _of("money", text, found, at), 1.0
    if kind:
        scale = _worth(kind, unit)
        if kind == "bytes" and unit in ("字节", "byte", "bytes") and float(found["number"].replace(",", "")) <= 8:
            return ("bytes@parameter" if "parameter" in _of("bytes", text, found, at) else "bytes@width"), 1.0
        return _of(kind, text, found, at), scale
    if found["part"]:
        return "fraction", 1.0
    noun = next((name for name in _COUNTS if found[name] or found["_" + name]), "")
    label = _LABEL.search(text, max(0, found.start() - 28), found.start())
    named = str(label.lastgroup) if label else ""
    if behind := _BEHIND.match(text, found.end()):
        named = behind["way"] or ("hidden" if behind["other"] == "hidden" else "head_dim")
    if noun and named and noun != named and named not in ("N", "DP", "batch", "sequence"):
        return "", 0.0
    if named in ("batch", "N", "DP", "sequence") and noun and (named, noun) != ("sequence", "token"):
        named = "" if named == "N" else named
    return named or noun, 1.0


def _worth(kind: str, unit: str) -> float:
    if kind in ("speed", "bits", "bytes"):
        if unit[0] not in _BYTES or unit.startswith(("bytes", "byte")):
            return 1.0
        binary = 1.024 ** ("KMGTP".index(unit[0]) + 1) if unit[1:2] == "i" else 1.0
        return _BYTES[unit[0]] * binary / (8 if kind == "bits" else 1)
    if kind == "time":
        return _TIMES[unit]
    if kind == "flops":
        return {"M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}.get(unit[0], 1.0)
    if kind == "parameter":
        return 1e12 if unit.startswith("万亿") else {"B": 1e9, "M": 1e6, "亿": 1e8}[unit[0]]
    if kind in ("energy", "power"):
        return 1e3 if unit[0] == "k" else 1.0
    return 0.01 if kind == "share" else 1.0


def _of(kind: str, text: str, found: re.Match[str], at: int) -> str:
    """The kind with what it is of, as the words right behind it or before it in its clause say."""
    if kind not in _EACH_OF:
        return kind
    begin = at
    for mark in _CLAUSE.finditer(text, at, found.start()):
        begin = mark.end()
    behind = _FOLLOWING.match(text, found.end())
    for scene in (found["of"] or "", text[begin : found.start()], behind[0] if behind else ""):
        for name in _EACH_OF[kind]:
            if _OF[name].search(scene):
                return f"{kind}@{name}"
    return kind
