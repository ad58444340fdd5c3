"""A small model that was learned from a few made-up sayings, put into use; the test's data folder is its own."""

import random
from itertools import count

from kanal.reports.actions.learning import take_into_use
from kanal.reports.learning import storage
from kanal.reports.learning.training import Example, learn
from kanal.reports.models import LearnedModel
from kanal.reports.queries import learned

_numbers = count(1)
SAID = {
    "agency:dishub": ("angkot ngetem terlalu lama", "sopir angkutan menaikkan tarif", "terminal kotor dan sepi"),
    "agency:pu-bina-marga": ("tikungan licin berdebu", "tepian ambrol terkikis", "permukaan cekung penuh air"),
    "kind:kecamatan": ("antre surat pindah lama", "loket pelayanan tutup siang", "petugas loket tidak ada"),
}
ANGKOT = "Sopir angkot ngetem lama sekali."


def make_model(subject: str = "agency", said: dict[str, tuple[str, ...]] | None = None) -> LearnedModel:
    pick = random.Random(3)
    examples = [
        Example(f"{pick.choice(words)} {pick.choice('abcdefgh')}", label)
        for label, words in (said or SAID).items()
        for _copy in range(30)
    ]
    file = f"{subject}-{next(_numbers)}"
    storage.save(learn(examples)[0], learned.folder() / file, {})
    figures = {"accuracy": 0.9, "top3": 1.0, "confusions": {"labels": [*(said or SAID)], "table": [[9, 1, 0, 0]] * 3}}
    row = take_into_use(subject=subject, file=file, texts=len(examples), figures=figures)
    learned.forget()
    return row
