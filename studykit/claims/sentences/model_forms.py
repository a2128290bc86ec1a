"""The forms of sentences about models and how they are laid out: layers a stage, heads, matrices, training compute."""

from studykit.claims.judging.formulas import training_operations, weights
from studykit.claims.sentences.grammar import form


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


MODEL_FORMS = (
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
        lambda given: [weights(given["n"] * 1e9, given["a"] / 8)],
    ),
    form(
        "计算量",
        "训练",
        r"N:count ?B(?:模型|参数)?_6_训练_4_A:count(?P<a_kind>[TB]) ?(?:个 ?)?tokens?_10_计算量_6_(?P<"
        r"r>\d+(?:\.\d+)?[eE]\d+)",
        lambda given: training_operations(given["n"] * 1e9, given["a"] * 1e12),
        unless=r"\d ?B ?tok|MFU|激活",
    ),
)
