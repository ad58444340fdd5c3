from django.urls import path

from kanal.brief import views

app_name = "brief"
urlpatterns = [
    path("meja/lembar/", views.editions, name="editions"),
    path("meja/lembar/buat/", views.make, name="make"),
    path("meja/lembar/<int:pk>/", views.edition, name="edition"),
    path("meja/lembar/<int:pk>/lembar.pdf", views.pdf, name="pdf"),
]
