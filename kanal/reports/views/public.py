from django.http import Http404, HttpRequest, HttpResponse


def listing(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def feed(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def map_page(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def map_data(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def export(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def support(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def follow(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def follow_confirm(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def unfollow(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
