from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/insert/", bare.insert),
    path("bare/list/", bare.listing),
    path("", include("kanal.config.urls")),
]
