"""Real kills of a real process: whatever it was doing, the model that was there stays whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kanal.reports.learning import storage

LEARNS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from kanal.reports.learning import storage
from kanal.reports.learning.training import Example, learn

def die(*_given):
    os.kill(os.getpid(), signal.SIGKILL)

def examples(word):
    return [Example(f"{said} {at}", label) for at in range(6) for label, said in (("a", word), ("b", "lain"))]

path, moment = Path(sys.argv[1]), sys.argv[2]
storage.save(learn(examples("lama"))[0], path, {"texts": 12})
progress = die if moment == "while it learns" else (lambda _done, _all: None)
model = learn(examples("baru"), progress)[0]
if moment == "while it writes":
    os.fsync = die
if moment == "before it is in its place":
    Path.replace = die
storage.save(model, path, {"texts": 13})
"""


@pytest.mark.parametrize("moment", ["while it learns", "while it writes", "before it is in its place", "never"])
def test_a_model_is_the_old_one_or_the_new_one(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "model"
    command = [sys.executable, "-c", LEARNS_AND_DIES, str(path), moment]
    done = subprocess.run(command, check=False, capture_output=True)  # our own program
    assert done.returncode == (0 if moment == "never" else -signal.SIGKILL), done.stderr
    model, facts = storage.load(path)
    assert facts["texts"] == (13 if moment == "never" else 12)
    assert ("baru" in model.guesses("baru")[0].words) is (moment == "never")
