from django.urls import path

from kanal.channels.sms import views

urlpatterns = [
    path("masuk/", views.take, {"kind": "in"}, name="sms-in"),
    path("laporan/", views.take, {"kind": "report"}, name="sms-report"),
]
