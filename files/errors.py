"""The messages for refused files, by the codes of files.cleaning; each says what to do."""

from django.utils.translation import gettext_lazy as _

KINDS = _("Attach a PDF, JPEG or PNG file, or a Word, Excel or PowerPoint file without macros (docx, xlsx, pptx).")
SENTENCES = {
    "kind": KINDS,
    "broken": _("The file is damaged or incomplete. Open it, save it again, and attach the new one."),
    "two_kinds": _("The file holds something before or after its content. Open it, save it again, and attach that."),
    "encrypted": _("The file is protected by a password. Attach one without."),
    "form": _("The file is a form that fills itself in. Print it to PDF and attach that."),
    "portfolio": _("The file is a collection of other files. Attach these one by one."),
    "pixels": _("The picture has too many points. Make it smaller and attach that."),
    "bomb": _("Unpacked, the file would be far larger than it says. It is not taken."),
    "forged": _("The file's own list of contents is not true. Open it, save it again, and attach the new one."),
    "path": _("The file tries to write outside its place. It is not taken."),
    "macros": _("The file holds macros or controls. Save it without, or as PDF, and attach that."),
    "embedded": _("The file holds another file. Attach that one separately, or save the document as PDF."),
    "outside": _("The file draws on something outside itself. Break these links, or save it as PDF, and attach that."),
    "entities": _("The file declares its own letters, which documents do not need. Save it again, or as PDF."),
    "formula": _("The file holds a formula or field that starts or fetches something. Save it as PDF and attach that."),
    "part": _("The file holds a part of a kind that is not taken. Save it as PDF and attach that."),
    "costly": _("The file is too complicated to be checked. Save it as PDF with smaller pictures, or in parts."),
}
