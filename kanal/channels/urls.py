"""Where platforms call: each medium's folder that has a `urls` module answers under saluran/<folder>/."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.urls import include, path

_ELSEWHERE = {"simulator"}
_ROOM = __name__.rpartition(".")[0]
_MEDIA = sorted(
    folder.name
    for folder in iter_modules(import_module(_ROOM).__path__)
    if folder.ispkg and folder.name not in _ELSEWHERE and find_spec(f"{_ROOM}.{folder.name}.urls")
)

urlpatterns = [
    *(path(f"saluran/{name}/", include(f"{_ROOM}.{name}.urls")) for name in _MEDIA),
    path("simulator/", include(f"{_ROOM}.simulator.urls")),
]
