from django.http import Http404, HttpRequest, HttpResponse


def detail(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def preview(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def similar(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def identity(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def letter(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def task(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def verb(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
