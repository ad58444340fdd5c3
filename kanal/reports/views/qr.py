import segno
from django.utils.safestring import mark_safe


def inline_qr(link: str, label: str) -> str:
    """The link as a picture to be scanned with a phone; dark on light in both colour schemes and on paper."""
    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, dark="#000")
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))
