"""How notes name what calculators take and give, beside the names, symbols and meanings that these declare.

`BEFORE` stands before a number (`层数为 32`), `BEHIND` after it (`32 层`); each by the input's declared name, or by
calculator and name where the word means that there alone. `GIVEN` are the names of results.

No set of Chinese characters in brackets stands in a form: it takes the compiler of regular expressions a hundred times
as long as the same words side by side.
"""

from studykit.vault.later import later

BEFORE = {
    "stages": r"PP(?:_size)?|pp(?:_size)?|流水线(?:级数|深度|并行度|并行)|(?:pipeline )?stages|(?:num|n)_stages|级数",
    "microbatches": r"micro-?batch(?:es)?(?: ?数量?)?|微批次?数量?|num_micro_?batches",
    "chunks": r"VPP?|虚拟(?:级|阶段)数|model chunks",
    "tensor_parallel": r"TP(?:_size)?|tp(?:_size)?|张量并行(?:度)?|tensor[- ]parallel(?:[- ]size|ism)?",
    "data_parallel": r"DP(?:_size)?|dp(?:_size)?|数据并行(?:度)?|data[- ]parallel(?:[- ]size|ism)?",
    "context_parallel": r"CP(?:_size)?|上下文并行(?:度)?",
    "layers": r"(?:num_|n_)?(?:hidden_)?layers|(?:模型)?层数",
    "hidden": r"hidden(?:[_ ](?:size|dim(?:ension)?))?|d_model|隐藏(?:层)?(?:维度|大小)|H",
    "heads": r"(?:num_|n_)?(?:attention_|attention )?heads|(?:注意力|Q ?)?头数",
    "kv_heads": r"(?:num_|n_)?(?:kv|key_value)[_ ]heads|KV ?(?:heads|头数)",
    "head_dim": r"head[_ ]dim(?:ension)?|d_head|head_size|(?:每个)?头(?:的)?维度",
    "vocabulary": r"vocab(?:ulary)?(?:_size| size)?|词表(?:大小)?",
    "sequence": r"seq(?:uence)?(?:[_ ]?len(?:gth)?)?|context(?:[_ ]len(?:gth)?)?|序列长度?|上下文(?:长度)?|S",
    "prompt": r"prompt(?: length)?|(?:提示词|输入)(?:长度)?",
    "batch": r"(?:micro-?|global )?batch(?:[_ -]?size)?|(?:全局)?批(?:次)?大小|全局 ?batch|并发(?:数)?",
    "parameters": r"(?:模型)?参数量?|param(?:eter)?s",
    "data": r"数据量|梯度(?:大小)?|张量(?:大小)?|data|tensor|gradients?|message",
    "bandwidth": r"(?:单向|链路|互联)?带宽|(?:link |one-way )?bandwidth|NVLink|IB|InfiniBand",
    "latency": r"(?:每步|每条消息)?(?:固定)?延迟|latency",
    "forward": r"前向(?:时间|耗时|计算)?|forward(?: pass| time)?|t_f",
    "backward": r"反向(?:时间|耗时|计算)?|backward(?: pass| time)?|t_b",
    "p2p": r"(?:级间|单向)?(?:传输|通信)(?:时间|耗时)?|p2p|send(?: time)?",
    "step_time": r"(?:每|一)(?:步|次迭代)(?:的?(?:时间|耗时|用时))?|迭代(?:时间|耗时)|(?:step|iteration)(?: time)?",
    "peak": r"(?:单卡|稠密)?(?:算力)?峰值(?:算力)?|peak(?: FLOPS)?",
    "gpus": r"GPU ?(?:总)?数|GPUs|卡数|world_size",
    "groups": r"(?:请求)?组数|groups(?: in flight)?|在途(?:请求)?组数?",
    "group_size": r"每组(?:请求数?)?|group size|requests (?:in|per) (?:a )?group",
    "stage_time": r"每(?:一)?级(?:的)?(?:耗时|时间|延迟)?|stage time|each stage(?: takes| time)?",
    "chunk_time": r"每(?:一)?块(?:在每级(?:的)?)?(?:的)?(?:耗时|时间)?|chunk time|each chunk(?: takes)?",
    "ranks": r"rank ?数|world_size|ranks|卡数|GPU ?数",
    "target": r"(?:气泡率?|bubble(?: ratio)?)(?:(?!，|。|；)[^0-9,;]){0,8}?"
              r"(?:≤|<=?|不超过|低于|控制在|at most|below|under)",
    "memory": r"(?:单卡)?显存|GPU memory",
    "zero": r"ZeRO(?:[- ]?(?:[Ss]tage|阶段))?[- ]?",
    "bits": r"每个?(?:权重|参数)|bits",
    "group": r"group(?:[_ ]size)?|分组(?:大小)?|每组",
    "costs": r"各层(?:的)?(?:耗时|开销|成本)|(?:layer )?costs",
    "gpus_per_node": r"每(?:个|台)?(?:节点|机器)|per node|nodes of",
    "global_batch": r"global batch(?:[_ ]size)?|全局 ?(?:batch|批(?:次)?大小)",
}  # fmt: skip
BEHIND = {
    "stages": r"级|(?:pipeline |流水线 ?)?stages?|个 ?stage",
    "microbatches": r"(?:个|份)? ?(?:micro-?batch(?:es)?|微批次?)",
    "chunks": r"个?虚拟(?:级|阶段)|model chunks",
    "layers": r"层(?!激)|(?:transformer )?layers",
    "kv_heads": r"个? ?(?:KV ?头|KV heads|kv_heads)",
    "heads": r"个? ?(?:注意力头|头|attention heads|heads)",
    "sequence": r"个? ?tokens?(?![/ ]?s|/秒)",
    "batch": r"条(?:序列|请求)|个请求|sequences|requests|并发",
    "gpus": r"(?:张|块|个)? ?(?:GPUs?|[AHV]\d00|卡)",
    "ranks": r"(?:张|块|个)? ?(?:GPUs?|[AHV]\d00|卡|ranks?)",
    "gpus_per_node": r"(?:张|块|个)? ?(?:GPUs? (?:per|a|each) node|卡(?:的)?(?:节点|机)|-GPU nodes?)",
    "groups": r"组|(?:request )?groups",
    "parameters": r"(?:个)?参数|parameters",
    "stage_time": r"(?:per|a|each) stage",
    "chunk_time": r"(?:per|a|each) chunk",
    "bits": r"-?bits?|位",
}
HERE = {
    ("ttft", "chunks"): (r"分?块数|chunks", r"个? ?(?:块|chunks)"),
    ("decode", "tokens"): (r"每个?请求", r"个? ?(?:output )?tokens"),
    ("decode", "group_size"): (r"每组(?:请求数?)?|group size", r"requests (?:in|per|each)"),
    ("all-reduce", "data"): (
        r"[Aa]ll-?[Rr]educe|[Aa]ll-?[Gg]ather|[Rr]educe-?[Ss]catter|数据量|data|梯度|gradients?",
        r"的?(?:数据|梯度|张量|of data)",
    ),
    ("training-memory", "data_parallel"): (
        r"DP(?:_size)?|数据并行(?:度)?|data[- ]parallel(?:[- ]size|ism)?",
        r"(?:张|块|个)? ?(?:GPUs?|卡)",
    ),
    ("flops", "batch"): (r"(?:global )?batch(?:[_ -]?size)?|(?:全局)? ?(?:batch|批大小)", r"条序列|sequences"),
}  # fmt: skip
BY_UNIT = {"bandwidth": "byte/second", "peak": "flop/second", "parameters": "billion"}
"""Inputs that an amount of such a unit is, whatever stands beside it, where the calculator has one."""
GIVEN = {
    ("bubble", "peak_activations"): r"激活峰值|最多(?:同时)?(?:保存|持有)|peak activations|in flight",
    ("bubble", "makespan"): r"总(?:时间|耗时)|makespan",
    ("min-microbatches", "microbatches"): r"至少(?:需要)?|最少(?:需要)?|at least|needs?",
    ("max-stages", "stages"): r"最多(?:可以?)?|至多|at most",
    ("min-chunks", "chunks"): r"(?:V|虚拟级数?) ?(?:至少|最少)(?:为|取)?|至少(?:需要)?|at least",
    ("throughput", "step_time"): r"(?:每|一)步(?:的)?(?:总?(?:时间|耗时))?|step(?: time| takes)?",
    ("throughput", "samples"): r"吞吐量?|throughput",
    ("throughput", "tokens"): r"吞吐量?|throughput",
    ("interleaving", "speedup"): r"加速比?|(?:提速|快)|speed-?up|faster",
    ("interleaving", "ratio_after"): r"交错后[^0-9]{0,6}气泡率?|气泡率?(?:降到|降至|降为)",
    ("balance", "largest"): r"最慢(?:的)?(?:一级|级|stage)|slowest stage|瓶颈级?",
    ("activation-memory", "total"): r"激活(?:值)?(?:峰值|显存|内存)?|(?:peak )?activations?(?: memory)?",
    ("activation-memory", "per_layer"): r"每层(?:的)?激活(?:值)?(?:显存|内存)?|activations? (?:per|of a|of one) layer",
    ("training-memory", "total"): r"模型状态|model states?",
    ("inference-memory", "weights"): r"权重(?:显存)?|weights",
    ("inference-memory", "kv_cache"): r"KV ?(?:[Cc]ache|缓存)",
    ("kv-cache", "total"): r"KV ?-?(?:[Cc]ache|缓存)(?:总量|大小)?",
    ("kv-cache", "per_token"): r"每个? ?token[^0-9]{0,8}KV ?(?:[Cc]ache|缓存)?|(?:KV ?[Cc]ache )?(?:per|a) token",
    ("batch-fit", "batch"): r"最大 ?(?:batch|批大小|并发)|max(?:imum)? batch|能?放下|最多(?:支持|放下)?",
    ("decode", "tpot"): r"TPOT|每个? ?(?:输出)? ?token(?:的)?(?:延迟|时间|耗时)?|time per (?:output )?token",
    ("decode", "throughput"): r"吞吐量?|throughput",
    ("decode", "latency"): r"(?:走完|单 ?token)[^0-9]{0,6}|latency of a token",
    ("ttft", "ttft"): r"TTFT|首(?:个)? ?[Tt]oken(?:的)?(?:延迟|时间|耗时)?|time to first token",
    ("parallel-communication", "hop"): r"(?:级间|每次|跨级|P2P|p2p)[^0-9]{0,6}(?:传输|发送|通信)量?|boundary|hop",
    ("parallel-communication", "tensor_per_layer"): r"每层(?:的)?(?:TP|张量并行)?(?:通信|发送)量?|TP traffic",
    ("all-reduce", "time"): r"(?:耗时|需要?|用时|通信时间|时间)|takes|(?:communication )?time",
    ("all-reduce", "sent"): r"(?:每(?:张|个)?(?:卡|GPU|rank))?(?:发送量?|通信量|传输量?)|sends|traffic",
    ("layout", "gpus"): r"(?:一?共|总(?:共|计)?|合计)(?:需要?|用)?|需要|total(?: of)?|needs?|GPU ?总?数",
    ("layout", "nodes"): r"节点数?|nodes",
    ("flops", "mfu"): r"MFU",
    ("flops", "hfu"): r"HFU",
    ("flops", "model"): r"(?:每步|一次迭代)?(?:的)?(?:模型)? ?(?:FLOPs|计算量)",
    ("flops", "achieved"): r"(?:每卡|单卡|实际|有效)(?:算力)?|achieves?",
    ("parameters", "total"): r"(?:总)?参数量?|(?:total )?param(?:eter)?s",
    ("quantised-size", "size"): r"权重(?:大小)?|模型大小|量化后|weights",
}  # fmt: skip
NAMED = {
    "schedule": {"1f1b": r"1F1B", "gpipe": r"GPipe", "interleaved": r"交错|[Ii]nterleaved"},
    "operation": {
        "all-gather": r"[Aa]ll-?[Gg]ather",
        "reduce-scatter": r"[Rr]educe-?[Ss]catter",
        "broadcast": r"[Bb]roadcast|广播",
        "all-to-all": r"[Aa]ll-?[Tt]o-?[Aa]ll", "all-reduce": r"[Aa]ll-?[Rr]educe",
    },
    "recompute": {
        "selective": r"选择性(?:激活)?重(?:计)?算|[Ss]elective",
        "full": r"(?:全量|完全|全部)(?:激活)?重(?:计)?算|full (?:activation )?recompu",
    },
    "sequence_parallel": {"yes": r"序列并行|[Ss]equence[- ]parallel"},
    "attention": {"mqa": "MQA", "mla": "MLA", "mha": "MHA", "gqa": "GQA"},
}  # fmt: skip
"""Choices that are named by a word of their own; two of one kind in a sentence are unclear."""
WIDTHS = {
    "FP32": 4, "TF32": 4, "FP16": 2, "BF16": 2, "FP8": 1, "INT8": 1, "FP4": 0.5, "INT4": 0.5, "NF4": 0.5,
}  # fmt: skip
"""Bytes of an element by its format."""
GIVEN_BEHIND = {
    ("layout", "gpus"): r"(?:张|块|个)? ?(?:GPUs?|[AHV]\d00|卡)",
    ("layout", "nodes"): r"个节点|nodes",
    ("flops", "mfu"): r"(?:的)? ?MFU",
    ("min-microbatches", "microbatches"): r"(?:个|份)? ?(?:micro-?batch(?:es)?|微批次?)",
}
"""Words behind a number by which it is a result."""
COUNTED = {
    ("bubble", "peak_activations"): r"(?:个|份)? ?(?:micro-?batch(?:es)?|微批次?)",
    ("max-stages", "stages"): r"(?:个 ?)?(?:级|stages?)",
    ("min-chunks", "chunks"): r"个?(?:虚拟级|chunks)",
    ("batch-fit", "batch"): r"条(?:序列|请求)|个(?:请求|并发)|sequences|requests",
    ("balance", "largest"): r"个(?:时间)?单位|time units",
}
"""Words that may stand behind a result that is named before it."""
MUST = {
    ("quantised-size", "size"): {"bits", "format"},
    ("all-reduce", "time"): {"bandwidth", "gpu"},
    ("layout", "nodes"): {"gpus_per_node"},
    ("kv-cache", "total"): {"sequence"},
    ("training-memory", "total"): {"zero", "data_parallel", "precision"},
}
"""Of these inputs one must be told: what a calculator takes by default is no claim of the note."""
_REMARK = later(r"\s*(?:[（(][^（）()]*[）)]|[;；:，].*|, in order)$")


def subject(text: str) -> str:
    """What an input or output is, without a remark in brackets or behind.

    >>> subject("序列长度（token）"), subject("cost of each layer, in order")
    ('序列长度', 'cost of each layer')
    """
    return _REMARK.sub("", text)
