from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kanal.agencies.models import Region
from kanal.agencies.queries import reference

pytestmark = pytest.mark.usefixtures("regency")


def a_file(folder: Path, text: str) -> str:
    path = folder / "wilayah.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_national_list_renews_our_places_and_passes_over_all_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(
        tmp_path,
        "kode,nama\n35,Jawa Timur\n35.22,Kabupaten Bojonegoro\n35.22.21,Temayang\n"
        "35.22.21.2001,Jono Baru\n35.23,Kabupaten Tuban\n35.23.01.2001,Sana\n",
    )
    before = Region.objects.get(code="35.22.21.2001")
    call_command("import_regions", path)
    after = Region.objects.get(code="35.22.21.2001")
    assert after.name == "Jono Baru"
    assert (after.lat, after.lon, after.level) == (before.lat, before.lon, before.level)
    assert not Region.objects.filter(code__startswith="35.23").exists()
    said = capsys.readouterr().out
    assert "Wilayah kabupaten lain, dilewati" in said
    assert reference().regions_by_code["35.22.21.2001"].name == "Jono Baru", "seen at once"


def test_new_places_find_their_parent_and_level_by_their_code(tmp_path: Path) -> None:
    path = a_file(tmp_path, "\ufeffNama,Kode\nUjung,35.22.29\nDesa Baru,35.22.29.2001\nKelurahan Baru,35.22.29.1002\n")
    call_command("import_regions", path)
    village = Region.objects.get(code="35.22.29.2001")
    assert village.parent
    assert (village.level, village.parent.name, village.parent.level) == ("desa", "Ujung", "kecamatan")
    assert Region.objects.get(code="35.22.29.1002").level == "kelurahan"


def test_our_own_columns_bring_centres_people_and_area(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "code,name,level,parent,lat,lon,population,area_km2\n"
        "35.22.21.2001,Jono,desa,35.22.21,-7.4,111.9,3120,8.5\n35.22.21.2002,Papringan,desa,35.22.21,x,111.9,-4,8.5\n",
    )
    call_command("import_regions", path)
    jono = Region.objects.get(code="35.22.21.2001")
    assert (jono.lat, jono.lon, jono.population, jono.area_km2) == (-7.4, 111.9, 3120, 8.5)
    assert Region.objects.get(code="35.22.21.2002").lat is not None, "a broken number wipes nothing out"


def test_broken_lines_are_named_and_the_others_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(
        tmp_path,
        "kode,nama\n35.22.21.2001,Jono\n35.22.21.2001,Kembar\n35-22,Aneh\n35.22.77.2001,Yatim\n35.22.21.2002,\n",
    )
    call_command("import_regions", path)
    said = capsys.readouterr().out
    assert "Baris 3: kode 35.22.21.2001 sudah ada." in said
    assert "Baris 4: kode atau nama tidak terbaca." in said
    assert "35.22.77.2001 Yatim: induknya 35.22.77 tidak ada." in said
    assert "Baris 6" in said
    assert not Region.objects.filter(name__in=["Kembar", "Yatim"]).exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gula,garam\n1,2\n", "Kolom kode dan nama tidak ditemukan"),
        ("kode,nama\n35.23,Tuban\n", "Tidak ada wilayah dengan kode 35.22"),
        ("", "Kolom kode dan nama"),
    ],
)
def test_a_file_that_holds_nothing_for_us_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_regions", a_file(tmp_path, text))


def test_a_missing_file_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="tidak bisa dibaca"):
        call_command("import_regions", str(tmp_path / "tidak-ada.csv"))
