"""The messages for refused files, by the codes of files.cleaning; each says what to do."""

from django.utils.translation import gettext_lazy as _


class Busy(Exception):
    """Other files are being cleaned on this machine; nothing was done with this one."""


BUSY = _("Other files are being scanned. The file was not saved. Attach it again in 1 minute.")
KINDS = _("Attach a PDF, JPEG or PNG file, or a Word, Excel or PowerPoint file without macros (docx, xlsx, pptx).")
NO_ROOM = _("There is currently no space to store files. The file was not saved. Try again later.")
SENTENCES = {
    "no_room": NO_ROOM,
    "kind": KINDS,
    "broken": _("The file is damaged or incomplete. Open it, save it again, and attach the new file."),
    "two_kinds": _(
        "The file contains data before or after its content. Open it, save it again, and attach the new file."
    ),
    "encrypted": _("The file is protected by a password. Attach a file without a password."),
    "form": _("The file is a dynamic form (XFA). Print it to PDF and attach the PDF."),
    "portfolio": _("The file is a collection of other files. Attach the files one by one."),
    "pixels": _("The image has too many pixels. Reduce its size and attach it again."),
    "bomb": _("This file is not accepted: it expands to far more than its stated size."),
    "forged": _(
        "The internal list of contents of the file is not correct. Open it, save it again, and attach the new file."
    ),
    "path": _("This file is not accepted: it contains paths outside its own folder."),
    "macros": _("The file contains macros or controls. Save it without them, or as PDF, and attach the new file."),
    "embedded": _("The file contains another file. Attach that file separately, or save the document as PDF."),
    "outside": _("The file uses external content. Remove the links, or save it as PDF, and attach the new file."),
    "entities": _("The file contains custom XML entities, which are not accepted. Save it again, or as PDF."),
    "formula": _(
        "The file contains a formula or field that runs a program or loads external data. Save it as "
        "PDF and attach the PDF."
    ),
    "part": _("The file contains a part of a type that is not accepted. Save it as PDF and attach the PDF."),
    "not_xlsx": _("Attach the spreadsheet (xlsx) that you downloaded from the portal."),
    "costly": _("The file is too complex to check. Save it as PDF with smaller images, or in parts."),
}
