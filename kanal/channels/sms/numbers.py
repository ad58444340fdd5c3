import re

import phonenumbers

COUNTRY, COUNTRY_CODE = "ID", "62"
_SHORT_CODE = re.compile(r"\+?\d{2,6}")
_NUMBER_LIKE = re.compile(r"[+\d][\d\s().-]{5,24}")


def number_of(sender: str) -> str:
    """The sender as +62…; "" for what is no telephone of a person: a short code, a name, nothing.

    Numbers of a range that is newer than our tables are kept as they are possible, not only when they are known.
    """
    sender = sender.strip()[:40]
    if _SHORT_CODE.fullmatch(sender) or not _NUMBER_LIKE.fullmatch(sender):
        return ""
    if sender.startswith(COUNTRY_CODE):  # modems and gateways write 62812… without the plus as often as with it
        sender = f"+{sender}"
    try:
        number = phonenumbers.parse(sender, COUNTRY)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
