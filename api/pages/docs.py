"""``/docs``: the JSON API in words, made from its own OpenAPI document.

Nothing is loaded from elsewhere."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.layout import render

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every operation: address, parameters, what it answers."""
    document: dict[str, Any] = request.app.openapi()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "says": operation.get("description") or operation.get("summary", ""),
            "tag": (operation.get("tags") or ["other"])[0],
            "parameters": [
                each["name"] for each in operation.get("parameters", []) if each["in"] == "query"
            ],
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    tags = sorted({each["tag"] for each in operations})
    return render(request, "docs.html", tags=tags, operations=operations)
