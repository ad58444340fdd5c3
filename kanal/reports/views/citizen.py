from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def file(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def challenge(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def similar(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def places(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def track(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def status(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
