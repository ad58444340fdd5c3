from kanal.channels.sms.parts import GAP
from kanal.common.indonesian import mended
from kanal.common.text import TooLong, clean

LONGEST = 20_000
"""Characters; a hundred and thirty messages in one."""


def tidy(text: str) -> str:
    r"""Return what came over the air as it was meant: letters of the right alphabet, a written "\n" as a line end."""
    meant = mended(text[:LONGEST])
    try:
        return clean(meant, max_chars=LONGEST)
    except TooLong:  # mending and composing may lengthen it
        return clean(meant[: LONGEST // 2], max_chars=LONGEST) + GAP.rstrip()
