"""The observer's app at ``/field/``: built files under a strict content security policy."""

from pathlib import Path
from typing import Any

from starlette.responses import Response

import mobile_forms
from api.server.static_files import CompressedFiles

DIST = Path(mobile_forms.__file__).parent / "app" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
    "img-src 'self' blob: data:; style-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOREVER = "public, max-age=31536000, immutable"


class ObserverApp(CompressedFiles):
    """The app's files. Hashed assets never change; all else is asked for again each time."""

    def __init__(self, folder: Path = DIST) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        """A file, with the app's policy and how long it may be kept."""
        response = super().file_response(full_path, *args, **kwargs)
        hashed = Path(full_path).parent.name == "assets"
        response.headers["Cache-Control"] = FOREVER if hashed else "no-cache"
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Service-Worker-Allowed"] = "/field/"
        return response
