"""What no page may do: write errors, break its own security policy, fail to load, or talk to a stranger."""

from collections.abc import Collection
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

STATUS_OF_A_PAGE = "Failed to load resource: the server responded with a status of"
LEFT_BEHIND = "net::ERR_ABORTED"


class Watch:
    """Listens to everything that happens in a browser context; `problems` must stay empty."""

    def __init__(self, context: BrowserContext, origins: Collection[str]) -> None:
        self.problems: list[str] = []
        self._origins = origins
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(STATUS_OF_A_PAGE):
            self.problems.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" not in self._origins:
            self.problems.append(f"request to a stranger: {request.url}")

    def _failed(self, request: Request) -> None:
        # A navigation that becomes a download ends as "aborted", and so does what a page loads when left.
        if not request.is_navigation_request() and request.failure != LEFT_BEHIND:
            self.problems.append(f"request failed: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        is_part = not response.request.is_navigation_request()
        if response.status >= (400 if is_part else 500):
            self.problems.append(f"{response.status} from {response.url}")
