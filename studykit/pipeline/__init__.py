"""The GPU pipeline model: schedules, time, memory, communication, inference; usable alone as a library.

>>> from studykit.pipeline import simulate
>>> simulate("gpipe", stages=4, microbatches=12).bubble("total")
0.2

Every public name is imported only when it is first used.
"""

import sys
from types import ModuleType

TYPE_CHECKING = False  # as in typing, whose import would cost more than this whole package
if TYPE_CHECKING:
    from studykit.pipeline.accelerator import Accelerator as Accelerator
    from studykit.pipeline.activations import edge_activations as edge_activations
    from studykit.pipeline.activations import in_flight as in_flight
    from studykit.pipeline.activations import layer_activations as layer_activations
    from studykit.pipeline.architecture import Architecture as Architecture
    from studykit.pipeline.balance import Partition as Partition
    from studykit.pipeline.balance import partition as partition
    from studykit.pipeline.chunked_prefill import Prefill as Prefill
    from studykit.pipeline.chunked_prefill import chunk_cost as chunk_cost
    from studykit.pipeline.chunked_prefill import equal_cost_boundaries as equal_cost_boundaries
    from studykit.pipeline.chunked_prefill import equal_cost_chunks as equal_cost_chunks
    from studykit.pipeline.chunked_prefill import prefill as prefill
    from studykit.pipeline.closed_form import ClosedForm as ClosedForm
    from studykit.pipeline.closed_form import closed_form as closed_form
    from studykit.pipeline.collectives import COLLECTIVES as COLLECTIVES
    from studykit.pipeline.collectives import Collective as Collective
    from studykit.pipeline.collectives import Link as Link
    from studykit.pipeline.collectives import collective as collective
    from studykit.pipeline.explain import explain as explain
    from studykit.pipeline.flops import Roofline as Roofline
    from studykit.pipeline.flops import StepFlops as StepFlops
    from studykit.pipeline.flops import Throughput as Throughput
    from studykit.pipeline.flops import flops_per_token as flops_per_token
    from studykit.pipeline.flops import gpt_parameters as gpt_parameters
    from studykit.pipeline.flops import hfu as hfu
    from studykit.pipeline.flops import mfu as mfu
    from studykit.pipeline.flops import roofline as roofline
    from studykit.pipeline.flops import step_flops as step_flops
    from studykit.pipeline.flops import throughput as throughput
    from studykit.pipeline.flops import training_time as training_time
    from studykit.pipeline.footprint_inference import InferenceMemory as InferenceMemory
    from studykit.pipeline.footprint_inference import inference_memory as inference_memory
    from studykit.pipeline.footprint_training import PRECISIONS as PRECISIONS
    from studykit.pipeline.footprint_training import ModelStates as ModelStates
    from studykit.pipeline.footprint_training import Precision as Precision
    from studykit.pipeline.footprint_training import TrainingMemory as TrainingMemory
    from studykit.pipeline.footprint_training import model_states as model_states
    from studykit.pipeline.footprint_training import training_memory as training_memory
    from studykit.pipeline.inference import Decode as Decode
    from studykit.pipeline.inference import decode as decode
    from studykit.pipeline.inference import filling_groups as filling_groups
    from studykit.pipeline.inverse import greatest_batch as greatest_batch
    from studykit.pipeline.inverse import greatest_microbatch as greatest_microbatch
    from studykit.pipeline.inverse import greatest_sequence as greatest_sequence
    from studykit.pipeline.inverse import greatest_stages as greatest_stages
    from studykit.pipeline.inverse import least_chunks as least_chunks
    from studykit.pipeline.inverse import least_microbatches as least_microbatches
    from studykit.pipeline.inverse import least_stages_for_memory as least_stages_for_memory
    from studykit.pipeline.kv_cache import KVCache as KVCache
    from studykit.pipeline.kv_cache import kv_bytes as kv_bytes
    from studykit.pipeline.kv_cache import kv_elements as kv_elements
    from studykit.pipeline.placement import layers_by_stage as layers_by_stage
    from studykit.pipeline.placement import parameters_by_stage as parameters_by_stage
    from studykit.pipeline.plan import Op as Op
    from studykit.pipeline.plan import Plan as Plan
    from studykit.pipeline.published_hardware import hardware as hardware
    from studykit.pipeline.published_models import find_model as find_model
    from studykit.pipeline.published_models import gpt as gpt
    from studykit.pipeline.published_models import models as models
    from studykit.pipeline.quantisation import QUANTISATIONS as QUANTISATIONS
    from studykit.pipeline.quantisation import Quantisation as Quantisation
    from studykit.pipeline.quantisation import weight_bytes as weight_bytes
    from studykit.pipeline.refusal import InfeasibleSchedule as InfeasibleSchedule
    from studykit.pipeline.refusal import UnknownSchedule as UnknownSchedule
    from studykit.pipeline.schedules import SCHEDULES as SCHEDULES
    from studykit.pipeline.simulate import simulate as simulate
    from studykit.pipeline.traffic import Communication as Communication
    from studykit.pipeline.traffic import Traffic as Traffic
    from studykit.pipeline.traffic import communication as communication
    from studykit.pipeline.uniform import UNIFORM_SCHEDULES as UNIFORM_SCHEDULES
    from studykit.pipeline.uniform import bubble_ratio as bubble_ratio

_HOMES = {
    "SCHEDULES": "schedules",
    "InfeasibleSchedule": "refusal",
    "UnknownSchedule": "refusal",
    "Op": "plan",
    "Plan": "plan",
    "simulate": "simulate",
    "ClosedForm": "closed_form",
    "closed_form": "closed_form",
    "explain": "explain",
    "Accelerator": "accelerator",
    "edge_activations": "activations",
    "in_flight": "activations",
    "layer_activations": "activations",
    "Architecture": "architecture",
    "Partition": "balance",
    "partition": "balance",
    "Prefill": "chunked_prefill",
    "chunk_cost": "chunked_prefill",
    "equal_cost_boundaries": "chunked_prefill",
    "equal_cost_chunks": "chunked_prefill",
    "prefill": "chunked_prefill",
    "COLLECTIVES": "collectives",
    "Collective": "collectives",
    "Link": "collectives",
    "collective": "collectives",
    "Roofline": "flops",
    "StepFlops": "flops",
    "Throughput": "flops",
    "flops_per_token": "flops",
    "gpt_parameters": "flops",
    "hfu": "flops",
    "mfu": "flops",
    "roofline": "flops",
    "step_flops": "flops",
    "throughput": "flops",
    "training_time": "flops",
    "InferenceMemory": "footprint_inference",
    "inference_memory": "footprint_inference",
    "ModelStates": "footprint_training",
    "PRECISIONS": "footprint_training",
    "Precision": "footprint_training",
    "TrainingMemory": "footprint_training",
    "model_states": "footprint_training",
    "training_memory": "footprint_training",
    "Decode": "inference",
    "decode": "inference",
    "filling_groups": "inference",
    "greatest_batch": "inverse",
    "greatest_microbatch": "inverse",
    "greatest_sequence": "inverse",
    "greatest_stages": "inverse",
    "least_chunks": "inverse",
    "least_microbatches": "inverse",
    "least_stages_for_memory": "inverse",
    "KVCache": "kv_cache",
    "kv_bytes": "kv_cache",
    "kv_elements": "kv_cache",
    "layers_by_stage": "placement",
    "parameters_by_stage": "placement",
    "hardware": "published_hardware",
    "find_model": "published_models",
    "gpt": "published_models",
    "models": "published_models",
    "QUANTISATIONS": "quantisation",
    "Quantisation": "quantisation",
    "weight_bytes": "quantisation",
    "Communication": "traffic",
    "Traffic": "traffic",
    "communication": "traffic",
    "UNIFORM_SCHEDULES": "uniform",
    "bubble_ratio": "uniform",
}
"""Where each public name lives."""

__all__ = [*_HOMES]


class _Room(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        """Importing `pipeline/simulate.py` must not hide the function of that name, which is what callers want."""
        if not (isinstance(value, ModuleType) and name in _HOMES):
            super().__setattr__(name, value)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)


sys.modules[__name__].__class__ = _Room
