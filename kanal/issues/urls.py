from django.urls import path

from kanal.issues.views import deeds, desk

app_name = "issues"
urlpatterns = [
    path("meja/isu/", desk.listing, name="desk_issues"),
    path("meja/isu/bobot/", desk.weights, name="desk_weights"),
    path("meja/isu/<int:pk>/", desk.detail, name="desk_issue"),
    path("meja/isu/<int:pk>/<slug:deed>/", deeds.press, name="desk_press"),
]
