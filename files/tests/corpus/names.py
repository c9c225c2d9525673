"""Hostile names of harmless files."""

from files.tests.corpus.case import kept
from files.tests.samples import pdf, picture

NAMES = [
    kept("a name turned round", pdf, sent_as="fdp.\u202eexe.pdf", kept_as="fdp.exe.pdf"),
    kept("a name that climbs", pdf, sent_as="../../../etc/passwd", kept_as="passwd.pdf"),
    kept("a name from the root", pdf, sent_as="/etc/cron.d/job", kept_as="job.pdf"),
    kept("a name from a drive", pdf, sent_as="C:\\Windows\\a.pdf", kept_as="a.pdf"),
    kept("a name with a NUL", pdf, sent_as="a\0.exe.pdf", kept_as="a.exe.pdf"),
    kept("a name that is a machine", pdf, sent_as="CON.pdf", kept_as="_CON.pdf"),
    kept("a name that is very long", pdf, sent_as="x" * 240 + ".pdf", kept_as="x" * 100 + ".pdf"),
    kept("a name with two endings", pdf, sent_as="note.pdf.exe", kept_as="note.pdf.exe.pdf"),
    kept("a name with the wrong ending", picture, sent_as="note.html", kept_as="note.html.png"),
    kept(
        "a name that is markup",
        pdf,
        sent_as="<img src=x onerror=alert(1)>.pdf",
        kept_as="_img src=x onerror=alert(1)_.pdf",
    ),
    kept("a name with signs for the terminal", pdf, sent_as="a\x08\x1b[31mb.pdf", kept_as="a[31mb.pdf"),
]
