from django.urls import include, path

from kanal.agencies.administration import site
from kanal.agencies.sign_in import own_address
from kanal.config.security_txt import security_txt
from kanal.reports.open311.developers import developers
from kanal.reports.webhooks import openapi

urlpatterns = [
    path("", include("kanal.reports.urls")),
    path("", include("kanal.issues.urls")),
    path("", include("kanal.dialogue.urls")),
    path("", include("kanal.brief.urls")),
    path("open311/", include("kanal.reports.open311.urls")),
    path("webhook/v1/", include("kanal.reports.webhooks.urls")),
    path("pengembang/", developers, name="developers"),
    path("pengembang/openapi.json", openapi.webhooks, name="openapi"),
    path("pengembang/open311.json", openapi.open311, name="openapi_open311"),
    path("", include("kanal.channels.urls")),
    path(".well-known/security.txt", security_txt),
    path("i18n/", include("django.conf.urls.i18n")),
    path("akun/email/", own_address),
    path("akun/", include("allauth.urls")),
    path("admin/", site.urls),
]

handler400 = "kanal.config.errors.bad_request"
handler403 = "kanal.config.errors.forbidden"
handler404 = "kanal.config.errors.not_found"
handler500 = "kanal.config.errors.server_error"
