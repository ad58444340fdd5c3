from django.http import Http404, HttpRequest, HttpResponse


def queue(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def export(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def bulk(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def save_view(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def drop_view(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def record(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def tasks(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
