"""The settings QR code of ODK Collect."""

import base64
import json
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class CollectAccount:
    """Where an observer's Collect sends to, and how it signs in (Digest)."""

    server_url: str
    username: str
    password: str

    def settings(self, project: str) -> str:
        """The text of the QR code: base64 of deflated JSON, as Collect's documentation says."""
        said = {
            "general": {
                "protocol": "odk_default",
                "server_url": self.server_url,
                "username": self.username,
                "password": self.password,
                "form_update_mode": "match_exactly",
                "autosend": "wifi_and_cellular",
            },
            "admin": {},
            "project": {"name": project, "icon": "I", "color": "#4B2A91"},
        }
        packed = zlib.compress(json.dumps(said, ensure_ascii=False).encode())
        return base64.b64encode(packed).decode()
