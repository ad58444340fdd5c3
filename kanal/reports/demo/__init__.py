"""Invented reports for demonstrations, tests and measurements. Nothing here comes from a real person."""
