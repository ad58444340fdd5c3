from django.urls import path

from kanal.dialogue.views import briefs, deeds, desk_promises, episodes, programmes, promises, public, rundown

app_name = "dialogue"
urlpatterns = [
    path("dialog/", public.agenda, name="agenda"),
    path("dialog/kalender.ics", public.calendar, name="calendar"),
    path("dialog/<int:pk>/", public.episode, name="episode"),
    path("janji/", promises.listing, name="promises"),
    path("janji/data.csv", promises.export, name="promises_csv"),
    path("janji/atom.xml", promises.feed, name="promises_feed"),
    path("janji/<int:pk>/", promises.detail, name="promise"),
    path("janji/foto/<int:pk>-<str:size>.jpg", promises.photo, name="promise_photo"),
    path("meja/dialog/", episodes.listing, name="desk_episodes"),
    path("meja/dialog/baru/", episodes.begin, name="desk_episode_new"),
    path("meja/dialog/acara/", programmes.listing, name="programmes"),
    path("meja/dialog/acara/baru/", programmes.edit, name="programme_new"),
    path("meja/dialog/acara/<int:pk>/", programmes.edit, name="programme"),
    path("meja/dialog/masukkan/<int:pk>/", rundown.put, name="desk_put_topic"),
    path("meja/dialog/<int:pk>/", episodes.detail, name="desk_episode"),
    path("meja/dialog/<int:pk>/ubah/", episodes.change, name="desk_episode_change"),
    path("meja/dialog/<int:pk>/topik/", deeds.topic, name="desk_topic"),
    path("meja/dialog/<int:pk>/undang/", deeds.invite, name="desk_invite"),
    path("meja/dialog/<int:pk>/lembar/", briefs.host, name="host_sheet"),
    path("meja/dialog/<int:pk>/lembar.pdf", briefs.host_pdf, name="host_sheet_pdf"),
    path("meja/dialog/<int:pk>/lembar/<slug:code>/", briefs.agency, name="agency_sheet"),
    path("meja/dialog/<int:pk>/lembar/<slug:code>.pdf", briefs.agency_pdf, name="agency_sheet_pdf"),
    path("meja/dialog/<int:pk>/<slug:deed>/", deeds.press, name="desk_press"),
    path("meja/janji/", desk_promises.listing, name="desk_promises"),
    path("meja/janji/baru/", desk_promises.begin, name="desk_promise_new"),
    path("meja/janji/<int:pk>/", desk_promises.detail, name="desk_promise"),
    path("meja/janji/<int:pk>/ubah/", desk_promises.correct, name="desk_promise_change"),
    path("meja/janji/<int:pk>/bukti/", desk_promises.fulfil, name="desk_promise_fulfil"),
    path("meja/janji/<int:pk>/<slug:deed>/", desk_promises.press, name="desk_promise_press"),
]
