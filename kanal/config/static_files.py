from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = (r"""(?P<matched>from "(?P<url>\.{1,2}/[\w./]+\.js)";)""", 'from "%(url)s";')


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Every file under a name that tells its content, also where a script of ours imports another.

    Django's own switch for imports stays off: it stumbles over sentences in scripts of others that look like one.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("reports/*.js", (_IMPORT,)))
