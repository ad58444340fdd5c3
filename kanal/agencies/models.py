from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.common.obligations import UNIT_CHOICES, Unit


class Regency(models.Model):
    """The one regency that this installation serves."""

    code = models.CharField(_("kode wilayah"), max_length=5)
    name = models.CharField(_("nama"), max_length=80)
    short_name = models.CharField(_("nama pendek"), max_length=40)
    code_prefix = models.CharField(_("awalan kode laporan"), max_length=4)
    timezone = models.CharField(_("zona waktu"), max_length=40, default="Asia/Jakarta")
    brand = models.CharField(_("warna"), max_length=20, default="nila")
    office = models.CharField(_("nama kantor"), max_length=120, blank=True)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    phone = models.CharField(_("telepon"), max_length=30, blank=True)
    whatsapp = models.CharField(
        _("WhatsApp"), max_length=20, blank=True, validators=[RegexValidator(r"^(\+62|0)8[\d -]{7,15}$")]
    )
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(
        _("situs web"), max_length=200, blank=True, validators=[URLValidator(schemes=["https", "http"])]
    )
    emergency_phone = models.CharField(_("telepon darurat"), max_length=20, default="112")
    lat = models.FloatField(_("lintang"), default=0)
    lon = models.FloatField(_("bujur"), default=0)
    bounds = models.JSONField(_("batas peta"), default=list, help_text=_("[[selatan, barat], [utara, timur]]"))
    count_collective_leave = models.BooleanField(_("cuti bersama tidak dihitung sebagai hari kerja"), default=True)

    class Meta:
        verbose_name = _("kabupaten")
        verbose_name_plural = _("kabupaten")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="regency_is_one")]

    def __str__(self) -> str:
        return self.name

    @property
    def letterhead(self) -> str:
        """Whose paper it is: the office, or the government of the regency."""
        return self.office or _("Pemerintah %(name)s") % {"name": self.name}

    @property
    def contacts(self) -> list[tuple[str, str, str]]:
        """How the office is reached, as (icon, words, address to open); only what is known."""
        number = "".join(filter(str.isdigit, self.whatsapp)).removeprefix("62").removeprefix("0")
        ways = (
            ("phone", self.phone, f"tel:{self.phone.replace(' ', '')}"),
            ("chat", self.whatsapp and f"WhatsApp {self.whatsapp}", f"https://wa.me/62{number}"),
            ("mail", self.email, f"mailto:{self.email}"),
            ("link", self.website.removeprefix("https://").removeprefix("http://").rstrip("/"), self.website),
        )
        return [way for way in ways if way[1]]


class Region(models.Model):
    """A place with a Kemendagri code: the regency, a kecamatan, a desa or kelurahan."""

    class Level(models.TextChoices):
        REGENCY = "kabupaten", _("kabupaten")
        DISTRICT = "kecamatan", _("kecamatan")
        VILLAGE = "desa", _("desa")
        URBAN_VILLAGE = "kelurahan", _("kelurahan")

    code = models.CharField(_("kode"), max_length=13, unique=True)
    name = models.CharField(_("nama"), max_length=80)
    level = models.CharField(_("tingkat"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("di bawah")
    )
    lat = models.FloatField(_("lintang"), null=True, blank=True)
    lon = models.FloatField(_("bujur"), null=True, blank=True)
    population = models.PositiveIntegerField(_("penduduk"), null=True, blank=True)
    area_km2 = models.FloatField(_("luas (km²)"), null=True, blank=True)
    boundary = models.JSONField(_("batas (GeoJSON)"), null=True, blank=True)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="region_point_whole",
            ),
            models.CheckConstraint(condition=Q(level="kabupaten") | Q(parent__isnull=False), name="region_has_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Agency(models.Model):
    """A body of the regency (perangkat daerah) that answers citizens."""

    class Kind(models.TextChoices):
        SECRETARIAT = "sekretariat", _("sekretariat")
        OFFICE = "dinas", _("dinas")
        BOARD = "badan", _("badan")
        COUNCIL_SECRETARIAT = "setwan", _("sekretariat DPRD")
        INSPECTORATE = "inspektorat", _("inspektorat")
        DIVISION = "bagian", _("bagian")
        DISTRICT = "kecamatan", _("kecamatan")
        VILLAGE = "desa", _("desa atau kelurahan")
        HOSPITAL = "rsud", _("rumah sakit")
        COMPANY = "bumd", _("BUMD")
        OTHER = "lain", _("lain-lain")

    code = models.SlugField(_("kode"), max_length=60, unique=True)
    name = models.CharField(_("nama"), max_length=160)
    short_name = models.CharField(_("nama pendek"), max_length=60)
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("di bawah")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="agencies", verbose_name=_("wilayah")
    )
    email = models.EmailField(_("e-mail dinas"), blank=True)
    two_eyes = models.BooleanField(_("jawaban disetujui atasan dulu"), default=True)
    active = models.BooleanField(_("aktif"), default=True)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("digabung ke dalam")
    )

    class Meta:
        verbose_name = _("perangkat daerah")
        verbose_name_plural = _("perangkat daerah")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(successor=None) | Q(active=False), name="agency_merged_is_closed"),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=models.F("id")), name="agency_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Accounts are named by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password it can be entered by a mailed code only."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account that may do everything in the admin pages."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the government who signs in. Citizens have no accounts: a code and a private link serve them."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nama"), max_length=120)
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("boleh membuka halaman admin"), default=False)
    date_joined = models.DateTimeField(_("dibuat"), default=timezone.now)

    held: list[tuple[str, int | None]] | None = None
    """The roles, (role, agency id), when they were fetched with the account."""

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("orang")
        verbose_name_plural = _("orang")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.partition(" ")[0]


class Membership(models.Model):
    """What a person is allowed to be: a role, in one agency or for the whole regency."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("koordinator (admin utama)")
        OFFICER = "officer", _("petugas (admin pembantu)")
        SUPERVISOR = "supervisor", _("atasan")
        LEADER = "leader", _("pimpinan")
        INSPECTOR = "inspector", _("Inspektorat")
        ADMINISTRATOR = "administrator", _("administrator")
        ANNOUNCER = "announcer", _("penyiar radio")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("orang"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("perangkat daerah")
    )
    role = models.CharField(_("peran"), max_length=14, choices=Role.choices)

    class Meta:
        verbose_name = _("peran")
        verbose_name_plural = _("peran")
        constraints = [
            models.UniqueConstraint(fields=["user", "agency", "role"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(agency__isnull=True), name="membership_once_at_large"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["officer", "supervisor"]) | Q(agency__isnull=False),
                name="membership_agency_for_handlers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Holiday(models.Model):
    """The regency's own word on one day; it overrides the national calendar in both directions."""

    date = models.DateField(_("tanggal"), unique=True)
    name = models.CharField(_("nama"), max_length=120)
    working = models.BooleanField(_("tetap hari kerja"), default=False)

    class Meta:
        verbose_name = _("hari libur daerah")
        verbose_name_plural = _("hari libur daerah")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d-%m-%Y} {self.name}"


class AllowanceRule(models.Model):
    """How long a duty may take, as a dated row that cites its rule; three such limits changed within two years."""

    kind = models.CharField(_("kewajiban"), max_length=24)
    amount = models.PositiveSmallIntegerField(_("lama"))
    unit = models.CharField(_("satuan"), max_length=16, choices=UNIT_CHOICES, default=Unit.WORKING_DAYS.value)
    rule = models.CharField(_("dasar aturan"), max_length=200)
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("batas waktu")
        verbose_name_plural = _("batas waktu")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="allowance_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="allowance_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount}"
