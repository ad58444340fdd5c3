"""Take the pictures of the README and the guides from a running Kanal: `make screenshots`.

Starts Kanal with its demo on a free port and a data folder that is thrown away, then walks one report through its life
in Chromium: a citizen files it, the coordinator hands it on, the officer answers, the supervisor approves, the citizen
reads. What the pages look like on the way is written to docs/pictures as WebP.
"""

import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # started as a script, this finds its neighbours like `python -m` would

from kanal.common.processes import next_free  # noqa: E402  # after the path is set
from tests.support.browser import DESKTOP, PHONE, chromium_path  # noqa: E402  # likewise

PICTURES = ROOT / "docs" / "pictures"
HOST = "127.0.0.1"
FIRST_PORT = 8300
READY = "Ctrl-C"
"""A word of the last lines that `kanal start` prints once everything answers."""
LARGEST = 150_000
"""Bytes per picture."""
PHONE_PIXELS = 540
"""Width of a phone picture: one and a half pixels for each of the page's."""

STORY = (
    "Lubang besar di tikungan dekat jembatan, dalamnya sejengkal. Sejak hujan hari Minggu sudah dua motor jatuh. "
    "Kalau malam tidak kelihatan karena tidak ada lampu."
)
ANSWER = (
    "Terima kasih atas laporannya. Lubang sudah kami periksa dan diberi rambu. Penambalan dikerjakan regu pemeliharaan "
    "jalan paling lambat hari Jumat pekan depan."
)


@contextmanager
def running_kanal() -> Iterator[str]:
    """Give the address of a Kanal with demo data; everything it wrote is gone afterwards."""
    port = next_free(HOST, FIRST_PORT)
    if port is None:
        raise SystemExit("There is no free port to start Kanal on.")
    with tempfile.TemporaryDirectory(prefix="kanal-pictures-") as folder:
        environment = {**os.environ, "KANAL_DATA_DIR": folder, "KANAL_DEMO": "1", "KANAL_PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "kanal", "start"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            if not any(READY in line for line in process.stdout or ()):
                raise SystemExit("Kanal did not start; the lines above say why.")
            yield f"http://{HOST}:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


class Photographer:
    """Opens browsers for people and keeps what they see."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address

    def visitor(self, screen: dict[str, Any]) -> Page:
        """A page of somebody who is not signed in."""
        context = self._browser.new_context(
            base_url=self._address,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
            color_scheme="light",
            **screen,
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def staff(self, email: str, screen: dict[str, Any]) -> Page:
        """A page of one of the demo's people, signed in by the button that the demo offers."""
        page = self.visitor(screen)
        page.goto("/meja/")
        page.get_by_role("button", name=email).click()
        page.wait_for_url("**/meja/**")
        return page

    def keep(self, page: Page, name: str, *, height: int = 0, whole: bool = False) -> None:
        """Write what the page shows; `height` CSS pixels of it from the top, or all of it."""
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")  # or the sticky head of the page is drawn where it was scrolled to
        options: dict[str, Any] = {"full_page": whole or bool(height)}
        if height:
            options["clip"] = {"x": 0, "y": 0, "width": page.evaluate("innerWidth"), "height": height}
        image: Image.Image = Image.open(io.BytesIO(page.screenshot(**options))).convert("RGB")
        if page.viewport_size == PHONE["viewport"]:
            image = image.resize(
                (PHONE_PIXELS, round(image.height * PHONE_PIXELS / image.width)), Image.Resampling.LANCZOS
            )
        target = PICTURES / f"{name}.webp"
        image.save(target, "WEBP", quality=78, method=6)
        size_in_bytes = target.stat().st_size
        print(f"  {target.relative_to(ROOT)}  {image.width}x{image.height}, {size_in_bytes / 1000:.0f} kB")
        if size_in_bytes > LARGEST:
            raise SystemExit(f"{target.name} is larger than {LARGEST // 1000} kB: show less of the page.")


def public_pages(camera: Photographer) -> None:
    """What anybody may read, on an office screen and on a phone."""
    page = camera.visitor(DESKTOP)
    page.goto("/")
    camera.keep(page, "beranda", height=1120)
    page.goto("/kinerja/")
    camera.keep(page, "kinerja", height=1180)
    page.goto("/kinerja/cetak/")
    camera.keep(page, "lembar-jumat", whole=True)
    page.goto("/aduan/")
    page.wait_for_timeout(800)  # the marks of the map come one moment after the list
    camera.keep(page, "aduan", height=900)
    page = camera.visitor(PHONE)
    page.goto("/aduan/?warna=hijau")  # one that was answered
    page.locator("ul.rows a").first.click()
    camera.keep(page, "satu-laporan", height=1100)


def a_citizen_reports(camera: Photographer) -> Page:
    """The form in its three steps and the receipt; gives the page of the private link."""
    page = camera.visitor(PHONE)
    page.goto("/lapor/")
    page.get_by_label("Ceritakan kejadiannya").fill(STORY)
    camera.keep(page, "lapor-1", height=1180)
    page.get_by_role("button", name="Lanjut: di mana").click()
    page.get_by_role("combobox", name="Desa atau kelurahan").press_sequentially("kauman", delay=40)
    camera.keep(page, "lapor-2", height=900)
    page.get_by_role("option").first.click()
    page.get_by_label("Patokan").fill("tikungan sebelum jembatan")
    page.get_by_role("button", name="Lanjut: siapa").click()
    page.get_by_label("E-mail").fill("sari@example.org")
    camera.keep(page, "lapor-3", height=1180)
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("heading", name="Laporan Anda sudah kami terima").wait_for()
    camera.keep(page, "tanda-terima", height=1500)
    return page


def the_desk_answers(camera: Photographer, code: str) -> None:
    """The report at the coordinator's, the officer's and the supervisor's desk, until it is answered."""
    page = camera.staff("koordinator@contoh.go.id", DESKTOP)
    page.goto("/meja/")
    page.wait_for_timeout(800)  # the preview of the first line
    camera.keep(page, "antrean", height=860)
    page.goto(f"/meja/l/{code}/?aksi=assign")
    camera.keep(page, "teruskan", height=1000)
    panel = page.locator("[data-panel]")
    panel.get_by_role("radio").first.check()
    panel.get_by_role("button", name="Teruskan").click()
    page.wait_for_load_state()

    page = camera.staff("petugas@contoh.go.id", PHONE)
    page.goto("/meja/")
    camera.keep(page, "antrean-hp", height=900)
    page = camera.staff("petugas@contoh.go.id", DESKTOP)
    page.goto(f"/meja/l/{code}/")
    page.get_by_role("button", name="Mulai tangani").click()
    page.goto(f"/meja/l/{code}/?aksi=draft_answer")
    page.get_by_label("Teks untuk pelapor dan umum").fill(ANSWER)
    camera.keep(page, "jawab", height=1180)
    page.get_by_role("button", name="Ajukan ke atasan").click()
    page.wait_for_load_state()

    page = camera.staff("atasan@contoh.go.id", DESKTOP)
    page.goto(f"/meja/l/{code}/")
    page.get_by_role("button", name="Setujui jawaban").click()
    page.get_by_role("button", name="Terbitkan jawaban").click()
    page.wait_for_load_state()


def what_many_say(camera: Photographer) -> None:
    """Issues, the evening on which they are talked about, what is promised, and the week on paper."""
    page = camera.visitor(PHONE)
    page.goto("/janji/")
    camera.keep(page, "janji-hp", height=900)
    page = camera.staff("koordinator@contoh.go.id", DESKTOP)
    page.goto("/meja/isu/")
    camera.keep(page, "isu", height=900)
    page.goto("/meja/lembar/")
    page.get_by_role("main").get_by_role("heading", level=2).get_by_role("link").first.click()
    page.wait_for_url("**/meja/lembar/*/")
    camera.keep(page, "lembar-pekanan", height=1000)
    page = camera.staff("penyiar@contoh.go.id", DESKTOP)
    page.goto("/meja/dialog/")
    page.get_by_role("link", name="Dialog Jumat").first.click()
    page.get_by_role("link", name="Siaran").first.click()
    camera.keep(page, "siaran", height=800)


def main() -> int:
    """Take them all."""
    PICTURES.mkdir(exist_ok=True)
    print("Starting a Kanal of its own with demo data ...")
    with running_kanal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        camera = Photographer(browser, address)
        public_pages(camera)
        what_many_say(camera)
        citizen = a_citizen_reports(camera)
        the_desk_answers(camera, citizen.url.split("/lacak/")[1].split("/")[0])
        citizen.goto(citizen.url.split("?")[0])
        camera.keep(citizen, "jawaban", height=1100)
        browser.close()
    total = sum(path.stat().st_size for path in PICTURES.glob("*.webp"))
    print(f"{total / 1_000_000:.1f} MB in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
