import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kanal.agencies.models import Agency, User
from kanal.agencies.queries import actor_of, reference
from kanal.channels.lapor import open_export
from kanal.channels.models import Contact
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions import importing
from kanal.reports.actions.import_names import Names, read_mapping
from kanal.reports.actions.importing import Importer, Tally
from kanal.reports.models import Reason, Report, ReportClock
from kanal.reports.queries.access import find_for
from kanal.reports.queries.search import matching
from kanal.reports.workflow import NEVER, Status
from tests.support.people import People, roads_join_transport

pytestmark = pytest.mark.usefixtures("regency")

HEADER = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Klasifikasi Laporan", "Tipe Laporan"),
    *("ID Kategori", "Kategori", "Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir", "Nama Pelapor"),
    *("Instansi Induk", "Instansi Terdisposisi", "Status Laporan", "Alasan Arsip"),
    *("Kabupaten/Kota Lokasi", "Kecamatan", "Kelurahan"),
)
GOOD = {
    "Tracking ID": "7000001",
    "Tanggal Laporan Masuk": "29 May 2023",
    "Waktu Laporan Masuk": "04:05:34",
    "Klasifikasi Laporan": "Pengaduan",
    "Tipe Laporan": "",
    "ID Kategori": "1397",
    "Kategori": "Jalan Berlubang",
    "Judul Laporan": "Jalan rusak di Jono",
    "Isi Laporan Awal": "jalan di jono rusak parah, hub 081234567890",
    "Isi Laporan Akhir": "Jalan di Jono rusak parah, hub 081234567890",
    "Nama Pelapor": "Sari Utami",
    "Instansi Induk": "Pemerintah Kabupaten Bojonegoro",
    "Instansi Terdisposisi": "Dinas Pekerjaan Umum Bina Marga dan Penataan Ruang Kab. Bojonegoro",
    "Status Laporan": "Ditutup oleh Sistem",
    "Alasan Arsip": "",
    "Kabupaten/Kota Lokasi": "Bojonegoro",
    "Kecamatan": "TEMAYANG",
    "Kelurahan": "Jono",
}


def a_file(folder: Path, *rows: dict[str, str], name: str = "laporan.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(GOOD | row for row in rows)
    return path


def take(path: Path, *, create: bool = False, mapping: dict[str, str] | None = None) -> tuple[Tally, Names]:
    importer = Importer(Names(create_agencies=create, mapping=mapping or {}))
    importer.take(open_export(path))
    return importer.tally, importer.names


def test_a_report_comes_in_as_it_was_told(tmp_path: Path) -> None:
    tally, names = take(a_file(tmp_path, {}))
    report = Report.objects.get(medium="lapor", external_id="7000001")
    assert (tally.read, tally.added, tally.rejects, names.unknown) == (1, 1, [], {})
    assert report.title == "Jalan rusak di Jono"
    assert report.body == "jalan di jono rusak parah, hub 081234567890"
    assert report.public_body == "Jalan di Jono rusak parah, hub [nomor HP disembunyikan]"
    assert report.agency
    assert report.agency.code == "pu-bina-marga"
    assert reference().regions[report.region_id or 0].place == "Jono, Kec. Temayang"
    assert report.category
    assert report.category.code == "jalan-berlubang"
    assert report.received_at.isoformat() == "2023-05-29T04:05:34+00:00"
    assert report.contact
    assert report.contact.name == "Sari Utami"
    assert (report.status, report.published) == (Status.CLOSED, True)
    assert matching(Report.objects.all(), "7000001").get() == report
    assert matching(Report.objects.all(), "jalan rusak temayang").get() == report


def test_no_moment_is_invented_that_the_file_does_not_tell(tmp_path: Path) -> None:
    take(a_file(tmp_path, {}, {"Tracking ID": "7000002", "Status Laporan": "Sedang Diproses"}))
    for report in Report.objects.all():
        assert (report.verified_at, report.started_at, report.answered_at, report.closed_at) == (None,) * 4
        assert report.due_on == NEVER
        clocks = ReportClock.objects.filter(report=report)
        assert clocks
        assert all(clock.voided_at == clock.opened_at == report.received_at for clock in clocks)
        assert [event.verb for event in report.events.all()] == ["receive", "import"]


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = a_file(tmp_path, {}, {"Tracking ID": "7000002"})
    take(path)
    tally, _names = take(path)
    assert (tally.added, tally.known, tally.renewed) == (0, 2, 0)
    assert Report.objects.count() == 2


def test_a_newer_export_moves_the_status_forward_and_an_older_one_does_not_move_it_back(tmp_path: Path) -> None:
    early = a_file(tmp_path, {"Status Laporan": "Belum Terverifikasi"}, name="dulu.csv")
    late = a_file(tmp_path, {"Status Laporan": "Ditutup oleh Admin"}, name="kini.csv")
    take(early)
    report = Report.objects.get()
    assert (report.status, report.published) == (Status.RECEIVED, False)
    tally, _names = take(late)
    report.refresh_from_db()
    assert (tally.renewed, report.status, report.published) == (1, Status.CLOSED, True)
    assert report.events.last().to_status == Status.CLOSED  # type: ignore[union-attr]  # it has three
    tally, _names = take(early)
    report.refresh_from_db()
    assert (tally.known, tally.renewed, report.status) == (1, 0, Status.CLOSED)


def test_what_people_took_up_here_is_left_alone(tmp_path: Path, people: People) -> None:
    take(a_file(tmp_path, {"Status Laporan": "Belum Terverifikasi"}))
    report = Report.objects.get()
    actions.assign(report=report, agency=people.transport, by=people.doing(people.kun))
    tally, _names = take(a_file(tmp_path, {}))
    report.refresh_from_db()
    assert (tally.touched, report.status, report.agency) == (1, Status.ASSIGNED, people.transport)


def test_an_imported_report_can_be_worked_on_with_fresh_clocks(tmp_path: Path, people: People) -> None:
    take(a_file(tmp_path, {}))
    report = actions.reopen(report=Report.objects.get(), by=people.doing(people.kun))
    running = ReportClock.objects.filter(report=report, voided_at=None, met_at=None)
    assert report.due_on < NEVER
    assert {clock.kind for clock in running} == {"follow_up", "settle"}


def test_bad_lines_are_set_aside_with_a_reason_and_the_good_ones_load(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(
        tmp_path,
        {"Tracking ID": "7000001"},
        {"Tracking ID": "7000002", "Tanggal Laporan Masuk": "31 Feb 2023"},
        {"Tracking ID": "7000003", "Status Laporan": "Menguap"},
        {"Tracking ID": ""},
        {"Tracking ID": "7000005", "Isi Laporan Akhir": "x" * 100_001},
    )
    call_command("import_lapor", str(path), "--rejects", str(tmp_path))
    said = capsys.readouterr().out
    assert Report.objects.get().external_id == "7000001"
    with (tmp_path / "laporan-ditolak.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert all(row["Sebab"] for row in rows)
    assert "4 baris laporan.csv ditolak" in said
    assert "Menguap" in next(row["Sebab"] for row in rows if row["Tracking ID"] == "7000003")


def test_an_unknown_agency_is_listed_and_never_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"Instansi Induk": "Pemerintah Kabupaten Antah", "Instansi Terdisposisi": "Dinas Sosial Kabupaten Antah"}
    call_command("import_lapor", str(a_file(tmp_path, row, row | {"Tracking ID": "7000002"})))
    assert Report.objects.filter(agency=None).count() == 2
    said = capsys.readouterr().out
    assert "1 dinas belum dikenal" in said
    assert "Dinas Sosial Kabupaten Antah" in said


def test_a_person_says_which_agency_is_meant_and_repeats_the_import(tmp_path: Path) -> None:
    row = {"Instansi Induk": "Pemerintah Kabupaten Antah", "Instansi Terdisposisi": "Dinas Sosial Kab. Antah"}
    path = a_file(tmp_path, row | {"Status Laporan": "Sedang Diproses"})
    take(path)
    assert Report.objects.get().status == Status.RECEIVED, "nobody known works on it"
    decided = tmp_path / "padanan.csv"
    decided.write_text("name,code\nDINAS SOSIAL  kabupaten antah,dinsos\n", encoding="utf-8")
    tally, _names = take(path, mapping=read_mapping(decided))
    report = Report.objects.get()
    assert tally.renewed == 1
    assert report.agency
    assert (report.agency.code, report.status) == ("dinsos", Status.IN_PROGRESS)


def test_the_name_of_an_agency_that_was_merged_is_still_known(tmp_path: Path, people: People) -> None:
    roads_join_transport(people)
    row = {"Status Laporan": "Sedang Diproses"}
    _tally, names = take(a_file(tmp_path, row), create=True)
    assert (names.unknown, names.created) == ({}, [])
    assert list(find_for(actor_of(people.dewi))) == [Report.objects.get(agency=people.roads)]


def test_a_mapping_to_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="tidak-ada"):
        Names(mapping={"dinas sosial": "tidak-ada"})
    wrong = tmp_path / "padanan.csv"
    wrong.write_text("nama;kode\n", encoding="utf-8")
    with pytest.raises(Refused, match="name dan code"):
        read_mapping(wrong)


def test_unknown_agencies_can_be_made_once_each(tmp_path: Path) -> None:
    row = {"Instansi Induk": "Pemerintah Kabupaten Antah", "Instansi Terdisposisi": "Dinas Sosial Kab. Antah"}
    other = row | {"Tracking ID": "7000002", "Instansi Terdisposisi": "DINAS SOSIAL KABUPATEN ANTAH"}
    before = Agency.objects.count()
    _tally, names = take(a_file(tmp_path, row, other), create=True)
    assert names.created == ["Dinas Sosial Kab. Antah"]
    assert Agency.objects.count() == before + 1
    made = Agency.objects.get(code="lapor-dinas-sosial-kabupaten-antah")
    assert made.kind == Agency.Kind.OFFICE
    assert Report.objects.filter(agency=made).count() == 2
    _tally, names = take(a_file(tmp_path, row, other | {"Tracking ID": "7000003"}), create=True)
    assert names.created == []


def test_another_governments_agency_of_the_same_name_is_not_ours(tmp_path: Path) -> None:
    row = {"Instansi Induk": "Pemerintah Kota Samarinda", "Instansi Terdisposisi": "Inspektorat"}
    path = a_file(tmp_path, row)
    _tally, names = take(path)
    assert list(names.unknown) == ["Inspektorat, Kota Samarinda"]
    take(path, create=True)
    made = Agency.objects.get(name="Inspektorat, Kota Samarinda")
    assert made.code == "lapor-inspektorat-kota-samarinda"
    assert Report.objects.get().agency == made
    _tally, names = take(a_file(tmp_path, row | {"Tracking ID": "7000009"}))
    assert names.unknown == {}, "made once, it is known from then on"


def test_an_agency_without_its_government_belongs_to_that_of_the_other_lines(tmp_path: Path) -> None:
    told = {"Instansi Induk": "Pemerintah Kota Samarinda", "Instansi Terdisposisi": "Kecamatan Sungai Kunjang"}
    untold = told | {"Tracking ID": "7000002", "Instansi Induk": "Dinas Perhubungan Kota Samarinda"}
    _tally, names = take(a_file(tmp_path, told, untold), create=True)
    assert names.created == ["Kecamatan Sungai Kunjang, Kota Samarinda"]


def test_secrets_stay_secret(tmp_path: Path) -> None:
    take(
        a_file(
            tmp_path,
            {"Tipe Laporan": "Anonim|Rahasia"},
            {
                "Tracking ID": "7000002",
                "Klasifikasi Laporan": "Whistleblowing System",
                "Judul Laporan": "Bendahara menilep",
            },
        )
    )
    secret, whistle = Report.objects.order_by("external_id")
    assert (secret.anonymous, secret.secret, secret.published) == (True, True, False)
    assert (whistle.secret, whistle.published, whistle.agency, whistle.public_body) == (True, False, None, "")
    assert "menilep" not in whistle.title
    assert not matching(Report.objects.all(), "menilep").exists()


def test_what_was_put_away_there_says_so_here(tmp_path: Path) -> None:
    away = {"Status Laporan": "Diarsipkan oleh Admin"}
    take(
        a_file(
            tmp_path,
            away | {"Alasan Arsip": "Laporan ini diarsipkan sesuai dengan keinginan Pelapor"},
            away | {"Tracking ID": "7000002", "Alasan Arsip": "Mengandung SARA, Tidak Jelas"},
        )
    )
    first, second = Report.objects.order_by("external_id")
    assert (first.archive_reason, second.archive_reason) == ("withdrawn", "lapor")
    assert not first.published
    assert second.events.get(verb="import").note == "Mengandung SARA, Tidak Jelas"
    assert not Reason.objects.get(code="lapor").active


def test_an_interrupted_import_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    path = a_file(tmp_path, *({"Tracking ID": str(7_000_000 + n)} for n in range(5)))
    importer = Importer(Names())

    def die(_count: int) -> None:
        raise KeyboardInterrupt

    importer.progress = die
    with pytest.raises(KeyboardInterrupt):
        importer.take(open_export(path))
    assert Report.objects.count() == 2
    tally, _names = take(path)
    assert (tally.known, tally.added) == (2, 3)


def test_a_file_that_is_no_export_is_refused_before_anything_happens(tmp_path: Path) -> None:
    strange = tmp_path / "resep.csv"
    strange.write_text("bahan,takaran\ngula,2 sendok\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"resep\.csv"):
        call_command("import_lapor", str(a_file(tmp_path, {})), str(strange))
    assert not Report.objects.exists()
    assert not Contact.objects.exists()


def test_the_coordinator_finds_them_at_the_desk(tmp_path: Path, people: People) -> None:
    take(a_file(tmp_path, {"Status Laporan": "Belum Terverifikasi"}))
    kun: User = people.kun
    mine = Report.objects.filter(policy.queue_filter(people.doing(kun).actor))
    assert matching(mine, "rusak jono").count() == 1


def test_the_public_page_and_the_code_say_how_it_came_here(tmp_path: Path, client: Client) -> None:
    take(a_file(tmp_path, {}))
    report = Report.objects.get(external_id="7000001")
    for address in (f"/aduan/{report.tracking_code}/", f"/lacak/{report.tracking_code}/"):
        page = client.get(address).content.decode()
        assert "Dimasukkan dari berkas SP4N-LAPOR!: Ditutup oleh Sistem" in page
        assert "Sari Utami" not in page


def test_figures_say_why_imported_reports_have_no_speed(tmp_path: Path, client: Client) -> None:
    rows = [{"Tracking ID": str(7000001 + number), "Isi Laporan Awal": f"Lubang {number}"} for number in range(12)]
    take(a_file(tmp_path, *rows))
    page = client.get("/kinerja/?rentang=semua").content.decode()
    assert "12 laporan dimasukkan dari berkas SP4N-LAPOR!, yang tidak memuat kapan diteruskan" in page
    assert "baru 0 kali diteruskan yang tercatat di sini" in page


def test_a_long_agency_name_is_shortened_between_words(tmp_path: Path) -> None:
    name = "Dinas Koperasi, Usaha Kecil, Menengah, Perindustrian dan Perdagangan Kab. Lamongan"
    take(
        a_file(tmp_path, {"Instansi Induk": "Pemerintah Kabupaten Lamongan", "Instansi Terdisposisi": name}),
        create=True,
    )
    assert Agency.objects.get(code__startswith="lapor-").short_name.endswith("Perindustrian dan…")
