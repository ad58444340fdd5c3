from django.urls import path

from kanal.channels.simulator import platforms, public, views

app_name = "simulator"
urlpatterns = [
    path("", views.start, name="start"),
    path("nomor-baru/", views.change_number, name="change_number"),
    # The played platforms, which Kanal's adapters call as they would call the real ones.
    path("graph/<str:phone_id>/messages", platforms.graph_messages),
    path("graph/<str:media_id>/isi", platforms.graph_file),
    path("graph/<str:media_id>", platforms.graph_media),
    path("page/<slug:medium>/me/messages", platforms.page_messages),
    path("page/<slug:medium>/isi/<str:name>", platforms.page_file),
    path("page/<slug:medium>/<str:comment>/comments", platforms.page_answer),
    path("page/<slug:medium>/<str:comment>/replies", platforms.page_answer),
    path("page/<slug:medium>/<str:message>", platforms.page_where),
    path("bot/bot<str:token>/sendMessage", platforms.bot_send),
    path("bot/bot<str:token>/getFile", platforms.bot_where),
    path("bot/file/bot<str:token>/isi/<str:name>", platforms.bot_file),
    path("gateway/kirim", platforms.sms_send),
    path("papan/2/users/<str:account>/mentions", public.x_mentions),
    path("papan/2/users/<str:account>/tweets", public.x_ours),
    path("papan/2/tweets", public.x_posts),
    path("video/token", public.youtube_token),
    path("video/commentThreads", public.youtube_threads),
    path("video/comments", public.youtube_comments),
    # The telephone.
    path("<slug:medium>/", views.page, name="page"),
    path("<slug:medium>/kirim/", views.send, name="send"),
    path("<slug:medium>/percakapan/", views.chat, name="chat"),
]
