"""Every figure the bundled notes state, recomputed with fractions from definitions and the papers they cite.

Nothing of studykit is used: the notes and the model are checked by the same papers, not by each other.
"""

import math
from fractions import Fraction as Fr

GB, GiB, MiB, KiB = 10**9, 2**30, 2**20, 2**10


def total(stages: int, microbatches: int, chunks: int = 1) -> Fr:
    """Idle over makespan of even forward, GPipe, 1F1B (chunks=1) and interleaved pipelines, M a multiple of P."""
    return Fr(stages - 1, microbatches * chunks + stages - 1)


def percent(value: Fr) -> Fr:
    return 100 * value


def zb_h1(stages: int, microbatches: int) -> Fr:
    """Total bubble of ZB-H1 with F = I = W: (P-1)F idle beside 3MF of work (Qi et al. 2023)."""
    return Fr(stages - 1, 3 * microbatches + stages - 1)


def layer_bytes(s: int, h: int, *, a: int = 0, t: int = 1) -> Fr:
    """Activations of one layer, b = 1, sequence parallel; a = 0 means selective recompute (Korthikanti et al. 2022)."""
    return Fr(s * h, t) * (34 + Fr(5 * a * s, h))


def least_microbatches(stages: int, target: Fr) -> int:
    return next(m for m in range(1, 10_000) if total(stages, m) <= target)


def chunked_prefill(chunks: int, overhead: int) -> Fr:
    """TTFT in ms of 800 ms of work on 4 stages, with a fixed cost per chunk and stage."""
    return (chunks + 3) * (Fr(200, chunks) + overhead)


GPT3_LAYER = layer_bytes(2048, 12288, t=8)
GPT3_HOP = 2 * 2048 * 12288
GPT3_KV = 2 * 12288 * 2 * 96
LLAMA_KV = 2 * 8 * 128 * 2 * 80
PARAMETERS_A_GPU = Fr(175, 8 * 16)
UNEVEN = [10, 10, 10, 14]

GRID: dict[str, Fr | int] = {
    f"{float(percent(total(stages, microbatches))):.1f}%": percent(total(stages, microbatches))
    for stages in (2, 4, 8, 16)
    for microbatches in (4, 8, 16, 32, 64, 128)
}

FACTS: dict[int, dict[str, Fr | int]] = {
    1: {
        "27.3%": percent(total(4, 8)), "72.7%": 100 - percent(total(4, 8)), "30.4%": percent(total(8, 16)),
        "43.75%": percent(Fr(7, 16)), "300%": percent(Fr(3, 1)), "75%": percent(total(4, 1)), "0%": 0,
        "3.5%": percent(Fr(7, 2) / (3 * 32 + Fr(7, 2))), "210ms": 7 * 30, "690ms": 23 * 30,
    },
    2: {
        "15.8%": percent(total(4, 16)), "190ms": 19 * 10, "30ms": 3 * 10, "570ms": 19 * 30, "90ms": 3 * 30,
        "80.15ms": 80 + 3 * Fr(5, 100), "112GB": 7 * 16, "14GB": 7 * 2,
    },
    3: {
        "42.9%": percent(total(4, 4)), "75%": percent(total(4, 1)), "300%": percent(Fr(3, 1)),
        "27.3%": percent(total(4, 8)), "330ms": 11 * 30, "90ms": 3 * 30, "20%": percent(Fr(1, 5)),
        "15.8%": percent(total(4, 16)), "17.9%": percent(total(8, 32)), "19.0%": percent(total(16, 64)),
        "0.6ms": 2 * 3 * Fr(1, 10),
    },
    4: {
        "27.3%": percent(total(4, 8)), "102MiB": GPT3_LAYER / MiB, "1224MiB": 12 * GPT3_LAYER / MiB,
        "38.25GiB": 32 * 12 * GPT3_LAYER / GiB, "9.5625GiB": 8 * 12 * GPT3_LAYER / GiB,
        "6.8ms": Fr(2 * 7 * 32 // 8 + 2 * 6, 10), "1.4ms": Fr(2 * 7, 10),
    },
    5: {
        "30.4%": percent(total(8, 16)), "17.9%": percent(total(8, 16, 2)), "9.9%": percent(total(8, 16, 4)),
        "19.5": 16 + Fr(7, 2), "3.5": Fr(7, 2), "17.75": 16 + Fr(7, 4), "1.75": Fr(7, 4),
        "1.18": 23 / (16 + Fr(7, 2)), "1.30": 23 / (16 + Fr(7, 4)), "1.7": total(8, 16) / total(8, 16, 2),
        "43.75%": percent(Fr(7, 16)), "21.875%": percent(Fr(7, 32)), "4.4": Fr(31, 7),
        "11.5": 8 * (1 + Fr(7, 16)), "9.75": 8 * (1 + Fr(7, 32)), "5.2%": percent(total(8, 128)),
        "19.7%": percent(total(64, 256)), "7.6%": percent(total(64, 256, 3)),
    },
    6: {
        "3.5%": percent(Fr(7, 2) / (3 * 32 + Fr(7, 2))), "22.6%": percent(total(8, 24)),
        "8.86%": percent(zb_h1(8, 24)), "2.5": total(8, 24) / zb_h1(8, 24), "0%": 0, "99.5": 96 + Fr(7, 2),
        "3.5": Fr(7, 2),
    },
    7: GRID
    | {
        "3.2": total(4, 8) / total(4, 32), "72.7%": 100 - percent(total(4, 8)), "91.4%": 100 - percent(total(4, 32)),
        "1.26": (1 - total(4, 32)) / (1 - total(4, 8)), "31.9%": percent(total(16, 32)),
        "10.5%": percent(total(16, 32, 4)),
    },
    8: {
        "15.8%": percent(total(4, 16)), "48.4%": percent(total(16, 16)), "5.9%": percent(total(2, 16)),
        "30.4%": percent(total(8, 16)), "94.1%": 100 - percent(total(2, 16)), "84.2%": 100 - percent(total(4, 16)),
        "69.6%": 100 - percent(total(8, 16)), "51.6%": 100 - percent(total(16, 16)), "0%": 0, "100%": 100,
        "80ms": 80, "40ms": 40, "2560ms": 16 * 160, "1360ms": 17 * 80, "760ms": 19 * 40, "460ms": 23 * 20,
        "310ms": 31 * 10, "1.88": Fr(2560, 1360), "3.37": Fr(2560, 760), "5.57": Fr(2560, 460), "8.26": Fr(2560, 310),
        "254ms": sum(UNEVEN) + 15 * max(UNEVEN), "11ms": Fr(sum(UNEVEN), 4), "209ms": 19 * Fr(sum(UNEVEN), 4),
        "21.5%": percent(Fr(254, 209) - 1), "704ms": 16 * sum(UNEVEN), "1016ms": 4 * 254,
        "30.7%": percent(1 - Fr(704, 1016)), "78.6%": percent(Fr(sum(UNEVEN), 4 * max(UNEVEN))),
        "0.65": Fr(32000, 12 * 4096), "2.61": Fr(128256, 12 * 4096), "88.9%": percent(Fr(8 + 8 + 7 + 9, 4 * 9)),
    },
    9: {
        "120GB": Fr("7.5") * 16, "31.4GB": Fr("7.5") * (4 + Fr(12, 64)), "16.6GB": Fr("7.5") * (2 + Fr(14, 64)),
        "1.88GB": Fr("7.5") * Fr(16, 64), "912MiB": layer_bytes(2048, 4096, a=32) / MiB,
        "272MiB": layer_bytes(2048, 4096) / MiB, "16MiB": Fr(2 * 2048 * 4096, MiB),
        "70%": percent(1 - layer_bytes(2048, 4096) / layer_bytes(2048, 4096, a=32)),
        "320KiB": Fr(LLAMA_KV, KiB), "2560KiB": Fr(2 * 64 * 128 * 2 * 80, KiB), "1.25GiB": Fr(4096 * LLAMA_KV, GiB),
        "40GiB": Fr(32 * 4096 * LLAMA_KV, GiB), "10GiB": Fr(8 * 4096 * LLAMA_KV, GiB),
        "68.6KiB": Fr(61 * (512 + 64) * 2, KiB), "72GB": Fr(9, 10) * 80, "35GB": Fr(70 * 2, 4), "37GB": 72 - 35,
        "80KiB": Fr(LLAMA_KV, 4 * KiB), "7%": percent(Fr(GiB, GB) - 1),
    },
    10: {
        "40ms": 4 * 10, "80ms": 8 * 10, "25%": percent(Fr(1, 4)), "50%": percent(Fr(2, 4)), "100%": 100,
        "1.5": 3 * Fr(1, 2), "43.5": 40 + Fr(3, 2) + 2, "43.5ms": 40 + Fr(3, 2) + 2, "4.35": Fr("43.5") / 10,
        "50ms": math.ceil(Fr("43.5") / 10) * 10, "92.0%": percent(40 / Fr("43.5")), "42.9%": percent(total(4, 4)),
        "4.03": Fr((100 * 4 + 3) * 10, 1000), "0.74%": percent(Fr(3, 403)), "49.9%": percent(Fr(200, 401)),
        "140GB": 70 * 2, "35GB": Fr(140, 4), "41.8ms": 140 / Fr("3.35"), "10.4ms": 35 / Fr("3.35"),
        "512KiB": Fr(32 * 8192 * 2, KiB),
    },
    11: {
        "8260ms": 300 + 199 * 40, "8.3": Fr(8260, 1000), "200ms": Fr(800, 4), "27.3%": percent(total(4, 8)),
        "15.8%": percent(total(4, 16)), "800ms": chunked_prefill(1, 0), "808ms": chunked_prefill(1, 2),
        "350ms": chunked_prefill(4, 0), "364ms": chunked_prefill(4, 2), "275ms": chunked_prefill(8, 0),
        "297ms": chunked_prefill(8, 2), "237.5ms": chunked_prefill(16, 0), "275.5ms": chunked_prefill(16, 2),
        "218.75ms": chunked_prefill(32, 0), "288.75ms": chunked_prefill(32, 2), "209.375ms": chunked_prefill(64, 0),
        "343.375ms": chunked_prefill(64, 2),
    },
    12: {
        "336MiB": Fr(8 * 2048 * 12288 * 7 * 2, 8 * MiB), "4032MiB": Fr(12 * 8 * 2048 * 12288 * 7 * 2, 8 * MiB),
        "48MiB": Fr(GPT3_HOP, MiB), "96MiB": Fr(2 * GPT3_HOP, MiB), "7.2%": percent(total(16, 192)),
        "3.8%": percent(total(16, 192, 2)), "1.37": PARAMETERS_A_GPU, "24.6GB": 18 * PARAMETERS_A_GPU,
        "102MiB": GPT3_LAYER / MiB, "23.5": 16 * (1 + Fr(15, 32)), "14382MiB": Fr("23.5") * 6 * GPT3_LAYER / MiB,
        "15.1GB": Fr("23.5") * 6 * GPT3_LAYER / GB, "39.7GB": 18 * PARAMETERS_A_GPU + Fr("23.5") * 6 * GPT3_LAYER / GB,
        "140GB": 70 * 2, "72GB": Fr(9, 10) * 80, "17.5GB": Fr(140, 8), "35GB": Fr(140, 4),
        "5.2ms": Fr(140, 8) / Fr("3.35"), "10.4ms": 35 / Fr("3.35"), "20.9ms": 4 * Fr(140, 8) / Fr("3.35"),
        "436GB": 8 * (72 - Fr(140, 8)), "296GB": 8 * (72 - Fr(140, 4)), "350GB": 175 * 2, "43.75GB": Fr(350, 8),
        "28.25GB": 72 - Fr(350, 8), "10.9GB": Fr(350, 32), "61.1GB": 72 - Fr(350, 32), "4.5MiB": Fr(GPT3_KV, MiB),
        "2.2": Fr(202, 92), "15.8%": percent(total(4, 16)),
    },
}  # fmt: skip

# What a note assumes rather than states: times, sizes, targets.
GIVEN: dict[int, set[str]] = {
    1: {"10ms", "20ms", "100%"},
    2: {"10ms", "20ms", "80ms", "0.05ms"},
    3: {"10ms", "20ms", "0.1ms", "10%"},
    4: {"0.1ms"},
    7: {"5%", "10%", "20%", "0.9", "0.1"},
    8: {"160ms", "10ms", "14ms", "20ms"},
    9: {"7.5", "80GB", "80GiB"},
    10: {"10ms", "0.5ms", "2ms", "3.35TB/s"},
    11: {"300ms", "40ms", "2ms"},
    12: {"80GB", "3.35TB/s"},
}

# Whole numbers without a unit that follow from others.
COUNTS: dict[int, dict[int, Fr | int]] = {
    1: {11: 8 + 4 - 1, 44: 4 * 11, 32: 4 * 8, 12: 44 - 32},
    2: {8: Fr(112, 14)},
    3: {21: 7 * 3, 12: 4 * 3, 9: 3 * 3, 8: Fr(32, 4)},
    4: {33: 11 * 3, 9: 3 * 3, 68: 2 * 7 * 32 // 8 + 2 * 6, 14: 2 * 7, 4: Fr(32, 8)},
    5: {31: 8 * 4 - 1, 62: 2 * (8 * 4 - 1)},
    6: {21: 7 * 3, 93: 3 * 24 + 21, 79: 3 * 24 + 7, 72: 3 * 24, 96: 3 * 32, 15: 2 * 8 - 1, 6: 3 * (3 + 2 - 3)},
    7: {63: 9 * 7, 70: Fr(7) / Fr(1, 10), 64: math.ceil(7 / (1 - 0.9) - 7)},
    8: {44: sum(UNEVEN), 32: 30 + 2},
    9: {327680: LLAMA_KV, 81920: Fr(LLAMA_KV, 4), 451660: 37 * GB * 4 // LLAMA_KV, 8: Fr(2560, 320)},
    10: {5: math.ceil(Fr("4.35")), 403: 100 * 4 + 3, 401: 100 * 4 + 2 - 1, 160: 2 * 80, 524288: 32 * 8192 * 2},
    12: {
        192: Fr(1536, 8), 128: Fr(1024, 8), 42: Fr(4032, 96), 512: 8 * 64, 64: Fr(512, 8),
        23: (72 - Fr(350, 8)) * GB // (GPT3_KV // 8) // 2048, 92: 4 * 23,
        202: (72 - Fr(350, 32)) * GB // (GPT3_KV // 32) // 2048,
    },
}  # fmt: skip
