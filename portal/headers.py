"""The headers of every response: errors, redirects and files as well as pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseFileResponse

Handler = Callable[[HttpRequest], HttpResponse]

# The browser features a page may use: none but passkeys.
PERMISSIONS = {
    **dict.fromkeys(
        (
            "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
            "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
        ),
        "()",
    ),
    "publickey-credentials-create": "(self)",
    "publickey-credentials-get": "(self)",
}  # fmt: skip
ALWAYS = {
    "Permissions-Policy": ", ".join(f"{name}={who}" for name, who in PERMISSIONS.items()),
    "Cross-Origin-Resource-Policy": "same-origin",
}


def every_answer(get_response: Handler) -> Handler:
    """Set the security headers; all but static files depends on the reader, so no cache may store it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if isinstance(response, WhiteNoiseFileResponse):
            return response
        if "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Accept-Language", "Cookie", "Authorization"))
        return response

    return middleware
