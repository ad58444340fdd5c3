from django.urls import path

from kanal.reports.open311 import views

app_name = "open311"
urlpatterns = [
    path("discovery.<str:form>", views.discovery, name="discovery"),
    path("v2/", views.nothing, {"form": "xml"}, name="root"),
    path("v2/services.<str:form>", views.service_list, name="services"),
    path("v2/services/<str:code>.<str:form>", views.service, name="service"),
    path("v2/requests.<str:form>", views.requests, name="requests"),
    path("v2/requests/<str:code>.<str:form>", views.one_request, name="request"),
    path("v2/tokens/<str:token>.<str:form>", views.token, name="token"),
    path("v2/servicerequestupdates.<str:form>", views.updates, name="updates"),
    path("<path:rest>", views.nothing, {"form": "xml"}, name="nothing"),
]
