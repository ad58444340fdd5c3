import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kanal.reports.learning.evaluation import Judged, figures
from kanal.reports.learning.measuring import measure
from kanal.reports.learning.places import Row, learn_places, split_label
from kanal.reports.learning.training import Example, TooLittle, learn

TRAINED = {"jalan": "jalan berlubang {} minta diaspal", "sampah": "sampah menumpuk {} tidak diangkut"}


def rows() -> list[Row]:
    named = ["Wonorejo-Tegalsari", "Ploso", "Pakis", "Gading"]
    return [
        *[Row(f"surat di kantor {at}", f"Kelurahan {n}", ("Kota", n.replace("-", " "))) for n in named for at in "ab"],
        *[Row(f"jalan rusak {at}", "Dinas Jalan", ("Kota", "Ploso")) for at in range(9)],
    ]


def test_a_label_with_a_place_is_put_together_again_with_the_rows_own_place() -> None:
    places = learn_places(rows())
    assert places.collapse("Kelurahan Ploso") == "kelurahan *"
    assert places.collapse("Dinas Jalan") == "Dinas Jalan"
    said = [places.expand("kelurahan *", Row("surat", "", ("Kota", name)))[0][0] for name in ("Pakis", "Barat Laut")]
    assert said == ["Kelurahan Pakis", "Kelurahan Barat Laut"]
    assert places.expand("kelurahan *", Row("", "", ("", "Wonorejo Tegalsari")))[0][0] == "Kelurahan Wonorejo-Tegalsari"
    assert places.expand("kelurahan *", Row("", "", ("", "Gadng")))[0][0] == "Kelurahan Gading"


def test_without_a_column_the_place_is_read_from_the_text() -> None:
    places = learn_places([Row(row.text, row.label) for row in rows()])
    said = places.expand("kelurahan *", Row("dekat ploso, ikut kel. pakis", ""))
    assert [label for label, _share in said[:2]] == ["Kelurahan Pakis", "Kelurahan Ploso"]
    assert sum(share for _label, share in said) == pytest.approx(1)


def test_a_row_that_says_nothing_of_its_place_may_belong_to_any_as_often_as_they_usually_get_such_rows() -> None:
    known = [
        *rows(),
        *[Row(f"surat {at}", f"Kelurahan {n}", ("Kota", "-")) for n in ("Pakis", "Gading") for at in "ab"],
    ]
    places = learn_places(known)
    said = dict(places.expand("kelurahan *", Row("tidak ada tempat", "", ("Kota", "-"))))
    assert said == {"Kelurahan Pakis": pytest.approx(0.5), "Kelurahan Gading": pytest.approx(0.5)}
    assert places.expand("other *", Row("", "")) == [("other *", 1.0)]


def test_a_road_that_always_goes_with_one_place_names_it() -> None:
    known = [Row(f"lubang di simpang mawar {at}", "Dinas Jalan", ("Kota", "Pakis")) for at in range(4)]
    places = learn_places([*rows(), *known])
    assert places.expand("kelurahan *", Row("antre lama, dekat mawar", "", ("Kota", "")))[0][0] == "Kelurahan Pakis"


@pytest.mark.parametrize(
    ("label", "split"),
    [
        ("Kecamatan Pangalengan Kabupaten Bandung", ("kecamatan", "pangalengan")),
        ("Kel. Ploso", ("kelurahan", "ploso")),
        ("Desa Suka Maju", ("desa", "sukamaju")),
        ("Dinas Desa", None),
        ("Kecamatan", None),
    ],
)
def test_labels_with_a_place_are_known(label: str, split: tuple[str, str] | None) -> None:
    assert split_label(label) == split


def test_figures_count_what_they_say() -> None:
    judged = [
        Judged("a", (("a", 0.9), ("b", 0.1))),
        Judged("a", (("b", 0.6), ("a", 0.4))),
        Judged("b", (("b", 1.0),)),
        Judged("c", (("a", 0.5),)),
    ]
    found = figures(judged)
    assert (found["rows"], found["accuracy"], found["top3"], found["classes"]) == (4, 0.5, 0.75, 3)
    assert found["macro_f1"] == pytest.approx((0.5 + 2 / 3 + 0) / 3, abs=1e-3)
    whole = {"label": "a", "rows": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5, "taken_for": "b"}
    assert found["per_class"][0] == whole


def table(path: Path, first: int, last: int) -> Path:
    lines = [
        f"{text.format(f'{at} di gang {at}')};{label}\n" for at in range(first, last) for label, text in TRAINED.items()
    ]
    path.write_text("teks;dinas\n" + "".join(lines), encoding="utf-8")
    return path


def test_the_command_prints_figures_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train, test = table(tmp_path / "a.csv", 0, 30), table(tmp_path / "b.csv", 25, 35)
    call_command("evaluate_routing", train=train, test=test, text=["teks"], label="dinas")
    found = json.loads(capsys.readouterr().out)
    assert found["left_out_because_in_test"] == 10  # what is tested is not learned
    assert found["accuracy"] == 1
    assert {"top3", "macro_f1", "calibration_error", "per_class"} <= set(found)
    assert found["plain_linear"] == {"accuracy": 1, "top3": 1, "macro_f1": 1, "seconds": pytest.approx(0, abs=60)}


def test_the_plain_way_learns_from_the_same_rows_and_reads_no_place() -> None:
    test = [Row("surat di kantor x", f"Kelurahan {name}", ("Kota", name)) for name in ("Ploso", "Pakis")]
    found = measure([*rows(), *rows()], test)
    assert found["accuracy"] == 1
    assert found["plain_linear"]["accuracy"] <= 0.5  # one text, two labels


def test_texts_without_words_teach_nothing() -> None:
    rows = [Row("🙂" * at, label) for at in range(1, 9) for label in ("a", "b")]
    with pytest.raises(TooLittle):
        learn([Example(row.text, row.label) for row in rows])
    assert measure(rows, [Row("jalan", "a")])["plain_linear"]["accuracy"] == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"teks;instansi\na;b\n", "kolom dinas tidak ada"),
        (b"teks;dinas\n;\n", "tidak ada baris"),
        (b"teks;dinas\na;b\n", "terlalu sedikit"),
        (b"<html><body></body></html>", "halaman web"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate_routing", train=path, test=path, text=["teks"], label="dinas")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Berkas tidak-ada\.csv tidak dapat dibuka\.$"):
        call_command("evaluate_routing", train=tmp_path / "tidak-ada.csv", test=tmp_path, text=["teks"], label="dinas")
