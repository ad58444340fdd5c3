from django.urls import path

from kanal.issues.views import bulletins, deeds, desk, founding, public

app_name = "issues"
urlpatterns = [
    path("isu/", public.listing, name="public_issues"),
    path("isu/atom.xml", public.feed, name="public_feed"),
    path("isu/data.csv", public.export, name="public_csv"),
    path("isu/data.json", public.data, name="public_json"),
    path("isu/<int:pk>/", public.detail, name="public_issue"),
    path("meja/isu/", desk.listing, name="desk_issues"),
    path("meja/isu/bobot/", desk.weights, name="desk_weights"),
    path("meja/isu/baru/", founding.found, name="desk_found"),
    path("meja/isu/<int:pk>/", desk.detail, name="desk_issue"),
    path("meja/isu/kabar/<int:pk>/", bulletins.detail, name="desk_bulletin"),
    path("meja/isu/kabar/<int:pk>/ubah/", bulletins.change, name="desk_bulletin_change"),
    path("meja/isu/kabar/<int:pk>/kemajuan/", bulletins.progress, name="desk_bulletin_progress"),
    path("meja/isu/kabar/<int:pk>/<slug:deed>/", bulletins.press, name="desk_bulletin_press"),
    path("meja/isu/<int:pk>/kabar/", bulletins.begin, name="desk_bulletin_new"),
    path("meja/isu/<int:pk>/<slug:deed>/", deeds.press, name="desk_press"),
]
