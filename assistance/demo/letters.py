"""The letters in the demonstration: notes verbales of States and letters of designation."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile


def letter(name: str = "note-verbale.pdf") -> SimpleUploadedFile:
    """Return a PDF file of one empty page."""
    content = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(content)
    return SimpleUploadedFile(name, content.getvalue())
