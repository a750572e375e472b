"""Parts of a page that are fetched again when they change."""

import re
from hashlib import sha256

_FORM_KEYS = re.compile(r'name="(form_id|csrf_token)" value="[^"]*"')


def digest(html: str) -> str:
    """What tells a part from itself when something changed; each form has a number of its own, which is no change."""
    return sha256(_FORM_KEYS.sub("", html).encode()).hexdigest()[:12]
