from kanal.common.indonesian.mending import mended
from kanal.common.indonesian.reading import Code, codes, matter, normal_form, tokens
from kanal.common.indonesian.searching import SearchQuery, plain_words, query_tokens, search_text, search_tokens

__all__ = [
    "Code",
    "SearchQuery",
    "codes",
    "matter",
    "mended",
    "normal_form",
    "plain_words",
    "query_tokens",
    "search_text",
    "search_tokens",
    "tokens",
]
