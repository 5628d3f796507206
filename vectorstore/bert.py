"""The packaged model's forward pass for one short text, in ONNX Runtime: no torch, soon loaded.

The same weights as Sentence Transformers runs, in fp32, as a graph that is written once beside the
model. One call does it all without Python's lock. docs/performance.md has what it saves.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelError
from vectorstore.models import Vectors
from vectorstore.weights import Shape, WeightsFile

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

Half = npt.NDArray[np.float16]

GRAPH = "encoder.onnx"
PLACES = "places.npy"
OPERATORS = 20  # the version of ONNX's operators that first has Gelu
FORMAT = 9  # the version of ONNX's file format that goes with it; newer ones read it
QUIET = 3  # ONNX Runtime's severity from which it says something: errors


class Bert:
    """A BERT encoder. `words` is the embedding of each piece; threads may share it."""

    def __init__(self, folder: Path, words: Half) -> None:
        self._words = words
        self._places: Vectors = np.load(folder / PLACES)
        self._session = _session(folder / GRAPH)

    @property
    def longest(self) -> int:
        """How many tokens a text may have."""
        return len(self._places)

    def encode(self, ids: list[int]) -> Vectors:
        """The token vectors of a text, shape (tokens, hidden)."""
        placed = self._words[np.array(ids)].astype(np.float32) + self._places[: len(ids)]
        found: Vectors = self._session.run(None, {"placed": placed})[0]
        return found


def _session(path: Path) -> Any:
    """The graph, ready to run in the thread that asks; ModelError if it is none."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Two threads spin at barriers on a busy machine (40 times slower), and a question's small
    # products gain little from them; whoever asks much asks in several threads.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = QUIET
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # it has no class for its errors but Python's own
        raise ModelError(
            f"The encoder for questions in {path} can't be loaded ({type(error).__name__}). "
            "Delete that folder; it is made anew."
        ) from error


def write_graph(weights: WeightsFile, folder: Path) -> None:
    """Writes what a Bert is opened with, but for the words' embeddings."""
    from onnx import TensorProto, helper, save

    hidden = weights.shape.hidden
    places = _tensor(weights, "emb.pos").reshape(-1, hidden)
    np.save(folder / PLACES, places + _tensor(weights, "emb.type")[:hidden])
    drawn = _Drawing(weights)
    last = drawn.all()
    shape: list[str | int | None] = ["tokens", hidden]
    graph = helper.make_graph(
        drawn.nodes,
        "encoder",
        [helper.make_tensor_value_info("placed", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, shape)],
        drawn.tensors,
    )
    imports = [helper.make_opsetid("", OPERATORS)]
    save(helper.make_model(graph, opset_imports=imports, ir_version=FORMAT), folder / GRAPH)


class _Drawing:
    """The encoder as nodes and tensors of a graph, drawn from the bottom up.

    Methods take and return names of values; weights are turned to stand on the right.
    """

    def __init__(self, weights: WeightsFile) -> None:
        self.nodes: list[NodeProto] = []
        self.tensors: list[TensorProto] = []
        self._weights = weights
        self._shape: Shape = weights.shape

    def all(self) -> str:
        """From the placed embeddings to the token vectors."""
        size = self._shape.hidden // self._shape.heads
        self._keep("by head", np.array([-1, self._shape.heads, size]))
        self._keep("together", np.array([-1, self._shape.hidden]))
        self._keep("scale", np.float32(size**-0.5))
        found = self._normed("placed", "emb.ln")
        for layer in range(self._shape.layers):
            name = f"l{layer}."
            gathered = self._linear(self._attended(found, name), f"{name}ao")
            found = self._normed(self._node("Add", gathered, found), f"{name}aln")
            wide = self._node("Gelu", self._linear(found, f"{name}fi"))
            narrow = self._linear(wide, f"{name}fo")
            found = self._normed(self._node("Add", narrow, found), f"{name}oln")
        return found

    def _attended(self, found: str, layer: str) -> str:
        """For each token the values of those it attends to."""
        queries, keys, values = (
            self._node("Reshape", self._linear(found, f"{layer}{part}"), "by head")
            for part in "qkv"
        )
        queries = self._node("Transpose", queries, perm=[1, 0, 2])
        keys = self._node("Transpose", keys, perm=[1, 2, 0])
        values = self._node("Transpose", values, perm=[1, 0, 2])
        scores = self._node("Mul", self._node("MatMul", queries, keys), "scale")
        attended = self._node("MatMul", self._node("Softmax", scores, axis=-1), values)
        return self._node("Reshape", self._node("Transpose", attended, perm=[1, 0, 2]), "together")

    def _linear(self, found: str, name: str) -> str:
        bias = _tensor(self._weights, f"{name}.b")
        turned = _tensor(self._weights, f"{name}.w").reshape(bias.size, -1).T
        product = self._node("MatMul", found, self._keep(f"{name}.w", turned))
        return self._node("Add", product, self._keep(f"{name}.b", bias))

    def _normed(self, found: str, name: str) -> str:
        """Each token's numbers with mean 0 and variance 1, then as the norm says."""
        norm = [self._keep(key, _tensor(self._weights, key)) for key in (f"{name}.w", f"{name}.b")]
        return self._node("LayerNormalization", found, *norm, axis=-1, epsilon=self._shape.epsilon)

    def _node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        output = f"{operator} {len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def _keep(self, name: str, value: npt.NDArray[np.generic] | np.float32) -> str:
        from onnx import numpy_helper

        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


def _tensor(weights: WeightsFile, name: str) -> Vectors:
    """A tensor, rounded as the model folder has it."""
    return weights.tensor(name).astype(np.float16).astype(np.float32)
