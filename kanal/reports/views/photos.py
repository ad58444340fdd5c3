from django.http import Http404, HttpRequest, HttpResponse


def photo(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
