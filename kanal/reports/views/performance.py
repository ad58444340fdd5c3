from django.http import Http404, HttpRequest, HttpResponse


def overview(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def data(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def friday(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
