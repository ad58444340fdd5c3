from django.http import Http404, HttpRequest, HttpResponse


def page(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def reply(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def withdraw(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def ask_reopen(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


def feedback(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
