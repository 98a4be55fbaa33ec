"""Statements as documents, all from one block model: HTML, PDF, DOCX, JSON."""

from analytics.documents.data import as_json
from analytics.documents.document import Corrected, Correction, Document, Logo, Masthead, check
from analytics.documents.docx_file import render_docx
from analytics.documents.html_page import render_html, style_source
from analytics.documents.pdf_file import render_pdf

__all__ = [
    "Corrected",
    "Correction",
    "Document",
    "Logo",
    "Masthead",
    "as_json",
    "check",
    "render_docx",
    "render_html",
    "render_pdf",
    "style_source",
]
