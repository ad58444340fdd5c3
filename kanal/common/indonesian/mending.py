"""What old machines wrote, read as it was meant."""

import re

import ftfy

# UTF-8 read as Windows-1252 or Latin-1 always begins with one of these; ftfy looks closer, at a hundred times the cost.
_SUSPICIOUS = re.compile(r"[\u0080-\u009f\u00c2-\u00f4\u0100-\u017f\u0192\u02c6\u02dc\u2018-\u20ac\u2122]")


def mended(text: str) -> str:
    r"""The text with letters of the right alphabet ("kafÃ©" is "kafé") and a written "\n" as a line end."""
    right = ftfy.fix_encoding(text) if not text.isascii() and _SUSPICIOUS.search(text) else text
    return right.replace("\\r", "").replace("\\n", "\n")
