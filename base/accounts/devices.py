"""What somebody signs in with, in plain words and no more exactly than they know it themselves."""

from django.utils.translation import gettext as _

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Return "Firefox auf Windows" for what a browser says of itself; most claim to be another one too."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), _("Ein anderer Browser"))
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return _("%(browser)s auf %(system)s") % {"browser": browser, "system": system} if system else browser
