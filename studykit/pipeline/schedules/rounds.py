"""The rounds in which schedules with V chunks on a rank take their micro-batches.

Micro-batches go in groups of `g`: chunk 0 takes g of them, then chunk 1 the same g, and so on through V
chunks, before chunk 0 sees the next group. Megatron-LM asks for g = P, that is M a multiple of P; PyTorch
takes g = M // max(1, M // P) and asks that the groups come out even, which is the wider condition used here.
"""

from studykit.pipeline.schedules.schedule import BACKWARD, INPUT, WEIGHT, Order, Shape, weave

CONDITION = "M must be a multiple of max(1, M // P), so that all rounds are of one size"


def divisible(shape: Shape) -> bool:
    """Whether the micro-batches divide into equal rounds of at least P each, or into one of fewer."""
    return shape.M % max(1, shape.M // shape.P) == 0


def group(shape: Shape) -> int:
    """How many micro-batches a chunk takes in one round."""
    return shape.M // max(1, shape.M // shape.P)


def turns(shape: Shape, chunks: range, kind: int = 0) -> Order:
    """The order in which a rank's chunks take their turns with all micro-batches, as ops of `kind`."""
    if shape.V == 1:
        return [kind] * shape.M  # one chunk takes no turns, so M need not come out even
    size = group(shape)
    one_round = [kind * shape.V + chunk for chunk in chunks for _ in range(size)]
    return one_round * (shape.M // size)


def whole_backward(shape: Shape, warmup: int) -> Order:
    """`warmup` forwards, then a forward and a whole backward in turn, then the backwards that are left."""
    forwards = turns(shape, range(shape.V))
    backwards = turns(shape, range(shape.V)[::-1], BACKWARD)
    pairs = len(forwards) - warmup
    return forwards[:warmup] + weave(forwards[warmup:], backwards[:pairs]) + backwards[pairs:]


def split_backward(shape: Shape, warmup: int, delay: int) -> Order:
    """As above with I for B, and the weight gradients following `delay` input gradients behind."""
    forwards = turns(shape, range(shape.V))
    inputs = turns(shape, range(shape.V)[::-1], INPUT)
    weights = turns(shape, range(shape.V)[::-1], WEIGHT)
    total = len(forwards)
    pairs = total - warmup
    late = min(delay, total)
    first, last = min(pairs, late), max(pairs, late)
    return (
        forwards[:warmup]
        + weave(forwards[warmup : warmup + first], inputs[:first])
        + weave(forwards[warmup + first :], inputs[first:pairs], weights[: pairs - first])
        + inputs[pairs:last]
        + weave(inputs[last:], weights[last - late : total - late])
        + weights[total - late :]
    )
