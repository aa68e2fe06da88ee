"""The page with the documentation. All that it loads is ours: it works without internet."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse

POLICY = "default-src 'self'; frame-ancestors 'self'"
"""Nothing of others is loaded, whatever stands on the page."""
router = APIRouter(include_in_schema=False)
PAGE = Path(__file__).parent.parent / "static" / "docs" / "index.html"


@router.get("/docs")
def read_docs():
    """Return the page; it reads the OpenAPI document itself."""
    return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers={"Content-Security-Policy": POLICY})
