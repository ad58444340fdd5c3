"""What old machines wrote, read as it was meant."""

import ftfy


def mended(text: str) -> str:
    r"""The text with letters of the right alphabet ("kafÃ©" is "kafé") and a written "\n" as a line end."""
    right = text if text.isascii() else ftfy.fix_encoding(text)
    return right.replace("\\r", "").replace("\\n", "\n")
