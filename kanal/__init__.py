"""Kanal: the open-government platform of an Indonesian regency."""
