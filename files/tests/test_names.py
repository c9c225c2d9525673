"""Whatever a sender calls a file, its stored name is safe on every system and not misleading."""

import pytest

from files.cleaning.kinds import DOCX, JPEG, PDF, PNG
from files.names import normal_name


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("note.pdf", PDF, "note.pdf"),
        ("note.exe", PDF, "note.exe.pdf"),
        ("note.pdf.PDF", PDF, "note.pdf"),
        ("note.docx.pdf", DOCX, "note.docx"),
        ("C:\\secret\\note.PDF", PDF, "note.pdf"),
        ("/etc/passwd", PDF, "passwd.pdf"),
        ("../../note.pdf", PDF, "note.pdf"),
        ("a\r\nb\0.jpeg", JPEG, "ab.jpg"),
        ("fdp.\u202eexe.pdf", PDF, "fdp.exe.pdf"),
        ("\u200fمذكرة.pdf", PDF, "مذكرة.pdf"),
        ("re\u0301sume\u0301.pdf", PDF, "résumé.pdf"),
        ("CON.pdf", PDF, "_CON.pdf"),
        ("lpt1.tar.pdf", PDF, "_lpt1.tar.pdf"),
        ('a<b>:"|?*.png', PNG, "a_b______.png"),
        ("..", PNG, "document.png"),
        ("", PNG, "document.png"),
        (" . .pdf", PDF, "document.pdf"),
        ("x" * 300 + ".pdf", PDF, "x" * 100 + ".pdf"),
        ("文" * 300 + ".pdf", PDF, "文" * 100 + ".pdf"),
        ("two  words \t here.pdf", PDF, "two words here.pdf"),
    ],
)
def test_a_file_is_kept_under_a_safe_name(name: str, kind: str, expected: str) -> None:
    kept = normal_name(name, kind)
    assert kept == expected and len(kept) <= 150 and len(kept.encode()) <= 400
    assert normal_name(kept, kind) == kept, "what is safe stays as it is"
