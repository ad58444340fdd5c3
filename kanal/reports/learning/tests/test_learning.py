import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanal.reports.learning import storage
from kanal.reports.learning.calibration import calibration_error, reliability
from kanal.reports.learning.features import learn_vocabulary, letter_keys, read
from kanal.reports.learning.model import Model
from kanal.reports.learning.training import Example, TooLittle, learn

ROADS = ("jalan berlubang di depan pasar", "aspal rusak parah dan jalan bergelombang", "jalan ambles minta diaspal")
WASTE = ("sampah menumpuk tidak diangkut", "bau sampah di tempat pembuangan", "truk sampah tidak pernah datang")
SCHOOL = ("atap sekolah bocor", "guru di sekolah dasar kurang", "seragam sekolah belum dibagikan")
EXTRA = ("mohon segera", "sudah lama", "warga resah", "tolong pak", "di desa kami", "setiap hari", "tadi pagi")


def examples(count: int = 25) -> list[Example]:
    pick = random.Random(7)
    return [
        Example(f"{pick.choice(words)} {pick.choice(EXTRA)} {pick.choice(EXTRA)} {at}", label)
        for at in range(count)
        for label, words in (("jalan", ROADS), ("sampah", WASTE), ("sekolah", SCHOOL))
    ]


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(examples())[0]


def test_words_decide_and_are_named(model: Model) -> None:
    best = model.guesses("Ada jalan berlubang besar di dusun kami")
    assert best[0].label == "jalan"
    assert best[0].chance > 0.5
    assert set(best[0].words) & {"jalan", "berlubang"}
    assert sum(model.chances("Ada jalan berlubang besar")) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "🙂🙂🙂", "x", "JALAN" * 20_000, "\x00", "help me please"])
def test_any_text_gets_chances(model: Model, text: str) -> None:
    chances = model.chances(text)
    assert np.isfinite(chances).all()
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert len(model.guesses(text)) == 3


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_reading_never_fails(text: str) -> None:
    words, letters, places = read(text, (text,))
    assert words.dtype == letters.dtype == places.dtype == np.uint32


def test_a_word_is_read_in_its_standard_form_and_apart_from_its_neighbour() -> None:
    assert set(read("dalan rusaknya")[0]) & set(read("jalannya rusak")[0])
    glued, apart = read("Yth. Bupati BandungMelalui dinas"), read("Yth. Bupati Bandung Melalui dinas")
    assert all((one == other).all() for one, other in zip(glued, apart, strict=True))


def test_letters_are_those_within_a_word() -> None:
    together, apart = np.concatenate(letter_keys(["jalan", "a"])), [*letter_keys(["jalan"]), *letter_keys(["a"])]
    assert sorted(together) == sorted(np.concatenate(apart))
    assert len(together) == 5 + 4 + 3 + 1  # stretches of three, four and five in " jalan ", and " a "


def test_the_name_of_a_class_speaks_for_it() -> None:
    said = {"jalan": "Dinas Bina Marga", "sampah": "Dinas Lingkungan Hidup", "sekolah": "Dinas Pendidikan"}
    text = "Mohon diteruskan ke bina marga"
    named, nameless = learn(examples(), names=said)[0], learn(examples())[0]
    assert named.guesses(text)[0].label == "jalan"
    assert named.guesses(text)[0].chance > nameless.guesses(text)[0].chance
    assert "marga" in named.guesses(text)[0].words


def test_a_return_counts_against_the_agency_that_gave_it_back() -> None:
    texts = [Example(f"lampu taman mati di alun-alun nomor {at}", label) for at in range(12) for label in ("a", "b")]
    others = [Example(f"antre periksa puskesmas lama sekali {at}", "c") for at in range(12)]
    refused = [Example(f"lampu taman mati di kota {at}", against=frozenset({"a"}), weight=3) for at in range(12)]
    said = learn([*texts, *others, *refused])[0].guesses("lampu taman mati")
    assert said[0].label == "b"


def test_one_class_is_too_little() -> None:
    with pytest.raises(TooLittle):
        learn([Example(f"jalan rusak {at}", "jalan") for at in range(9)])


def test_learning_tells_how_far_it_is_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []
    learn(examples(6), lambda done, total: seen.append((done, total)))
    assert seen[-1] == (6, 6)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(examples(6), stop)


def test_what_was_measured_was_not_learned() -> None:
    _model, measured = learn(examples(40))
    assert measured.truth
    assert len(measured.chances) == len(measured.truth)


def test_a_feature_is_learned_when_several_texts_have_it() -> None:
    assert len(learn_vocabulary([read("jalan rusak")]).keys) == 0
    assert len(learn_vocabulary([read("jalan rusak")] * 2).keys) == 3  # two words and the pair of them
    assert len(learn_vocabulary([read("jalan rusak")] * 3).keys) > 3
    assert len(learn_vocabulary([]).keys) == 0


def test_a_calibrated_guesser_has_no_calibration_error() -> None:
    right = np.array([True] * 8 + [False] * 2)
    assert calibration_error(reliability(np.full(10, 0.8), right)) == pytest.approx(0)
    assert calibration_error(reliability(np.full(10, 0.95), right)) == pytest.approx(0.15)
    assert calibration_error([]) == 0


# --- the file -----------------------------------------------------------------------------------------------------


def test_a_model_comes_back_from_its_file_as_it_was(model: Model, tmp_path: Path) -> None:
    storage.save(model, tmp_path / "m", {"rows": 75})
    again, facts = storage.load(tmp_path / "m")
    text = "sampah menumpuk di depan sekolah"
    assert facts == {"rows": 75}
    assert again.guesses(text) == model.guesses(text)
    assert isinstance(again.weights, np.memmap)


def _said(path: Path) -> str:
    with pytest.raises(storage.NoModel) as caught:
        storage.load(path)
    return caught.value.reason


def test_a_missing_file_is_told_from_a_broken_one(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "m"
    assert _said(path) == "missing"
    for raw in (b"", b"PK\x03\x04", storage.MAGIC, storage.MAGIC + b"\xff" * 8, storage.MAGIC + bytes(7) + b"\x02{}"):
        path.write_bytes(raw)
        assert _said(path) == "broken"
    storage.save(model, path, {})
    whole = path.read_bytes()
    for raw in (whole[:-1], whole + b"x", whole[:-8] + bytes(8)):
        path.write_bytes(raw)
        assert _said(path) == "broken"


def test_a_file_of_an_older_version_is_said_to_be_older(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "VERSION", 0)
    storage.save(model, tmp_path / "m", {})
    monkeypatch.undo()
    assert _said(tmp_path / "m") == "older"


@pytest.mark.parametrize("flip", [0x01, 0x20, 0xFF])
def test_a_byte_that_turned_is_never_guessed_with(model: Model, tmp_path: Path, flip: int) -> None:
    """Only the blanks between the arrays may be anything; each byte of the head is tried, and some of every array."""
    path, facts = tmp_path / "m", {"rows": 75}
    storage.save(model, path, facts)
    whole, text = path.read_bytes(), "sampah menumpuk di depan sekolah"
    head = whole.index(b'"facts"') + 80
    for at in [*range(head), *range(head, len(whole), max(1, len(whole) // 150)), len(whole) - 1]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
        try:
            again, told = storage.load(path)
        except storage.NoModel:
            continue
        assert (again.guesses(text), told) == (model.guesses(text), facts)


def test_a_file_without_a_digest_of_its_head_is_older(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"KANAL-MODEL\n" + (2).to_bytes(8, "big") + b"{}" + bytes(100))
    assert _said(path) == "older"


def test_a_write_that_fails_leaves_the_old_model(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m"
    storage.save(model, path, {"old": True})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            storage.save(model, path, {"old": False})
    assert storage.load(path)[1] == {"old": True}
    assert list(tmp_path.iterdir()) == [path]
