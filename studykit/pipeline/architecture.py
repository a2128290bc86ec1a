"""A transformer's shape, and the number of its parameters counted matrix by matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studykit.pipeline.quantities import whole

__all__ = ["Architecture", "LayerParameters"]


@dataclass(frozen=True, slots=True)
class LayerParameters:
    """Parameters of one layer, apart by how tensor and expert parallelism divide them."""

    split: int
    """Divided by the tensor-parallel size."""
    keys_values: int
    """Key and value projections: divided by it up to the number of KV heads, then repeated."""
    repeated: int
    """Norms, routers and latent down-projections: on every tensor-parallel rank."""
    experts: int
    """Routed experts: divided by expert parallelism too."""
    active_experts: int
    """The part of `experts` one token uses."""

    @property
    def total(self) -> int:
        return self.split + self.keys_values + self.repeated + self.experts

    @property
    def active(self) -> int:
        """Parameters one token uses."""
        return self.total - self.experts + self.active_experts


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A decoder-only transformer.

    The defaults describe a GPT-2/GPT-3 block (biases, LayerNorm, two feed-forward matrices, learned positions);
    `gated=True, biases=False, norm="rms"` is the LLaMA block.
    """

    name: str
    layers: int
    hidden: int
    """h, the width of the residual stream."""
    ffn: int
    """Width of the feed-forward of a dense layer."""
    heads: int
    """a, query heads."""
    kv_heads: int
    """Key/value heads: `heads` for MHA, 1 for MQA, between for GQA; not used by MLA."""
    head_dim: int
    """d, width of a head; with MLA the part of a query/key head that has no rotary position."""
    vocabulary: int
    context: int
    """Longest sequence the model was published for, in tokens."""
    tied_embeddings: bool = False
    """Whether the output head is the embedding matrix, so that it counts once."""
    positions: int = 0
    """Learned position embeddings."""
    gated: bool = False
    """Three feed-forward matrices (SwiGLU) instead of two."""
    biases: bool = True
    """Biases on all linear layers."""
    qkv_biases: bool = False
    """Biases on the query, key and value projections only."""
    norm: str = "layer"
    """"layer" (weight and bias) or "rms" (weight)."""
    experts: int = 0
    """Routed experts of a mixture-of-experts layer; 0 for a dense model."""
    experts_active: int = 0
    """Routed experts a token uses."""
    experts_shared: int = 0
    expert_ffn: int = 0
    """Width of one expert's feed-forward."""
    dense_layers: int = 0
    """First layers that keep a dense feed-forward in a mixture-of-experts model."""
    router_bias: bool = False
    query_rank: int = 0
    """MLA: rank of the compressed query, 0 if queries are not compressed."""
    kv_rank: int = 0
    """MLA: rank of the compressed keys and values; 0 means no MLA."""
    rope_dim: int = 0
    """MLA: width of the decoupled rotary key."""
    value_dim: int = 0
    """MLA: width of a value head."""
    published: float = 0.0
    """Parameters as published."""
    published_active: float = 0.0
    """Active parameters a token as published, 0 for dense models."""
    source: str = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("layers", "hidden", "heads", "kv_heads", "head_dim"):
            whole(name, getattr(self, name))
        for name in ("ffn", "vocabulary", "experts", "dense_layers"):
            whole(name, getattr(self, name), least=0)
        if self.heads % self.kv_heads:
            raise ValueError(f"kv_heads is {self.kv_heads}; expected a divisor of the {self.heads} heads")
        if self.experts_active > self.experts:
            raise ValueError(f"experts_active is {self.experts_active}; expected at most the {self.experts} experts")

    @property
    def attention(self) -> str:
        """ "mha", "gqa", "mqa" or "mla"."""
        if self.kv_rank:
            return "mla"
        if self.kv_heads == self.heads:
            return "mha"
        return "mqa" if self.kv_heads == 1 else "gqa"

    @property
    def kv_elements(self) -> int:
        """Elements the KV cache keeps for a token in a layer: 2 n_kv d, or r_kv + d_rope with MLA."""
        return self.kv_rank + self.rope_dim if self.kv_rank else 2 * self.kv_heads * self.head_dim

    def is_expert_layer(self, layer: int) -> bool:
        """Whether layer `layer` (0 first) has routed experts."""
        return bool(self.experts) and layer >= self.dense_layers

    def layer_parameters(self, layer: int = 0) -> LayerParameters:
        """Parameters of layer `layer` (0 first)."""
        split, keys_values, repeated = self._attention()
        repeated += 2 * self._norm(self.hidden)
        if not self.is_expert_layer(layer):
            return LayerParameters(
                split + self._feed_forward(self.ffn), keys_values, repeated + self._output_bias(), 0, 0
            )
        expert = self._feed_forward(self.expert_ffn)
        router = self.hidden * self.experts + (self.experts if self.router_bias else 0)
        return LayerParameters(
            split + self.experts_shared * expert,
            keys_values,
            repeated + router,
            self.experts * expert,
            self.experts_active * expert,
        )

    @property
    def embedding_parameters(self) -> int:
        """Token and learned position embeddings."""
        return (self.vocabulary + self.positions) * self.hidden

    @property
    def head_parameters(self) -> int:
        """The output matrix h x V, as much work tied or not; count it in memory only where it is not tied."""
        return self.vocabulary * self.hidden

    @property
    def final_norm_parameters(self) -> int:
        return self._norm(self.hidden)

    @property
    def parameters(self) -> int:
        """All parameters."""
        return self._outside_layers() + sum(self._layer_sums()[0])

    @property
    def active_parameters(self) -> int:
        """Parameters one token uses; equal to `parameters` for a dense model."""
        return self._outside_layers() + sum(self._layer_sums()[1])

    @property
    def matrix_parameters(self) -> int:
        """Weights a token is multiplied with in a forward pass: active matrices and the head, no norm or bias."""
        plain = replace(self, biases=False, qkv_biases=False, router_bias=False)
        norms = 2 * self._norm(self.hidden) + (self.query_rank + self.kv_rank if self.kv_rank else 0)
        return self.head_parameters + sum(plain._layer_sums()[1]) - norms * self.layers

    @property
    def score_width(self) -> int:
        """Width of queries and values over all heads: attention takes 2 x this x (tokens attended to) FLOPs a layer."""
        if self.kv_rank:
            return self.heads * (self.head_dim + self.rope_dim + self.value_dim)
        return 2 * self.heads * self.head_dim

    def _outside_layers(self) -> int:
        head = 0 if self.tied_embeddings else self.head_parameters
        return self.embedding_parameters + head + self.final_norm_parameters

    def _layer_sums(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(total of dense, of expert layers) and (active of dense, of expert layers)."""
        dense = self.layers if not self.experts else min(self.dense_layers, self.layers)
        first, last = self.layer_parameters(0), self.layer_parameters(self.layers - 1)
        rest = self.layers - dense
        return (dense * first.total, rest * last.total), (dense * first.active, rest * last.active)

    def _norm(self, width: int) -> int:
        return width if self.norm == "rms" else 2 * width

    def _output_bias(self) -> int:
        return self.hidden if self.biases else 0

    def _feed_forward(self, width: int) -> int:
        """Matrices and the bias inside; the output bias is not divided by tensor parallelism."""
        matrices = 3 if self.gated else 2
        return matrices * self.hidden * width + ((matrices - 1) * width if self.biases else 0)

    def _attention(self) -> tuple[int, int, int]:
        """(split, keys and values, repeated) parameters of the attention block."""
        if self.kv_rank:
            return self._latent_attention()
        queries, keys_values = self.heads * self.head_dim, 2 * self.kv_heads * self.head_dim
        biased = self.biases or self.qkv_biases
        split = 2 * self.hidden * queries + (queries if biased else 0)
        return split, self.hidden * keys_values + (keys_values if biased else 0), self._output_bias()

    def _latent_attention(self) -> tuple[int, int, int]:
        query_width = self.heads * (self.head_dim + self.rope_dim)
        if self.query_rank:
            split, repeated = self.query_rank * query_width, (self.hidden + 1) * self.query_rank
        else:
            split, repeated = self.hidden * query_width, 0
        split += self.kv_rank * self.heads * (self.head_dim + self.value_dim)
        split += self.heads * self.value_dim * self.hidden
        return split, 0, repeated + self.hidden * (self.kv_rank + self.rope_dim) + self.kv_rank
