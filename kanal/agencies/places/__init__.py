from kanal.agencies.places.here import gazetteer, meant, named, region, where
from kanal.agencies.places.names import Bearer, Gazetteer, Place, key
from kanal.agencies.places.pins import NOWHERE, Outline, distance_m, locate, outline_of, outlines
from kanal.agencies.places.resolving import SURE, Candidate, Where, read_where

__all__ = [
    "NOWHERE",
    "SURE",
    "Bearer",
    "Candidate",
    "Gazetteer",
    "Outline",
    "Place",
    "Where",
    "distance_m",
    "gazetteer",
    "key",
    "locate",
    "meant",
    "named",
    "outline_of",
    "outlines",
    "read_where",
    "region",
    "where",
]
