from django.urls import include, path

urlpatterns = [
    path("", include("kanal.reports.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("akun/", include("allauth.urls")),
]
