"""A model as one file: a line of JSON that says what follows, then plain arrays, which are read where they lie.

The line carries the digests of the arrays, and its own stands before it: a byte that turned is never guessed with.

Nothing in the file is ever executed. It is written beside its place and moved there whole, so a reader finds the old
file or the new one, never half of one.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from kanal.reports.learning.features import VERSION, Vocabulary
from kanal.reports.learning.model import Model

MAGIC, _OLDER = b"KANAL-MODEL2\n", b"KANAL-MODEL\n"
_ALIGN = 64
_SIZE, _DIGEST = 8, hashlib.sha256().digest_size
_LONGEST_HEAD = 4_000_000  # bytes
_DTYPES = {"keys": np.uint32, "telling": np.float32, "weights": np.float16, "bias": np.float32}


class NoModel(ValueError):  # noqa: N818  # it is an answer, not a fault
    """There is no usable model in a file: `reason` is missing, broken or older."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def save(model: Model, path: Path, facts: dict[str, Any]) -> None:
    """Write a model with some facts about it; the file that stood there is replaced at once and whole."""
    arrays: dict[str, Any] = {
        "keys": model.vocabulary.keys,
        "telling": model.vocabulary.telling,
        "weights": np.ascontiguousarray(model.weights),
        "bias": model.bias,
    }
    blocks = {name: array.astype(_DTYPES[name], copy=False).tobytes() for name, array in arrays.items()}
    head = {
        "version": VERSION,
        "classes": model.classes,
        "sharpness": model.sharpness,
        "features": len(model.vocabulary.keys),
        "digests": {name: hashlib.sha256(block).hexdigest() for name, block in blocks.items()},
        "facts": facts,
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(MAGIC + len(line).to_bytes(_SIZE, "big") + hashlib.sha256(line).digest() + line)
            for block in blocks.values():
                file.write(b"\0" * (-file.tell() % _ALIGN) + block)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path) -> tuple[Model, dict[str, Any]]:
    """The model of a file, its arrays left on the disk until asked for, and the facts about it. Raises NoModel."""
    try:
        line = _line(path)
        head = json.loads(line)
        if head["version"] != VERSION:
            raise NoModel("older")
        return _model(path, head, len(MAGIC) + _SIZE + _DIGEST + len(line)), head["facts"]
    except FileNotFoundError as error:
        raise NoModel("missing") from error
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NoModel(error.reason if isinstance(error, NoModel) else "broken") from error


def _line(path: Path) -> bytes:
    """The line that says what follows, if it is as it was written."""
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
        if magic != MAGIC:
            raise NoModel("older" if magic.startswith(_OLDER) else "broken")
        size, digest = int.from_bytes(file.read(_SIZE), "big"), file.read(_DIGEST)
        line = file.read(size) if size < _LONGEST_HEAD else b""
    if hashlib.sha256(line).digest() != digest:
        raise NoModel("broken")
    return line


def _model(path: Path, head: dict[str, Any], start: int) -> Model:
    features, classes = int(head["features"]), tuple(map(str, head["classes"]))
    shapes = {
        "keys": (features,),
        "telling": (features,),
        "weights": (features, len(classes)),
        "bias": (len(classes),),
    }
    arrays: dict[str, Any] = {}
    for name, shape in shapes.items():
        start += -start % _ALIGN
        array = np.memmap(path, dtype=_DTYPES[name], mode="r", offset=start, shape=shape)
        start += array.nbytes
        arrays[name] = array
    if path.stat().st_size != start or _digests(path, arrays) != head["digests"]:
        raise NoModel("broken")
    vocabulary = Vocabulary(np.asarray(arrays["keys"]), np.asarray(arrays["telling"]))
    return Model(classes, vocabulary, arrays["weights"], np.asarray(arrays["bias"]), float(head["sharpness"]))


def _digests(path: Path, arrays: dict[str, Any]) -> dict[str, str]:
    """The digests of the arrays, read in pieces, so that the memory is not filled with what nobody asks for."""
    found = {}
    with path.open("rb") as file:
        for name, array in arrays.items():
            file.seek(array.offset)
            digest, left = hashlib.sha256(), array.nbytes
            while left and (piece := file.read(min(left, 1 << 18))):
                digest.update(piece)
                left -= len(piece)
            found[name] = digest.hexdigest()
    return found
