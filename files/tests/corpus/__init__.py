"""Hostile files, generated here, each with its expected outcome: kept (without what it hid) or refused, and why.

Sources: OWASP's file upload cheat sheet, the `known_leaks` of comparable systems, EICAR's test file.
"""

from files.tests.corpus.names import NAMES
from files.tests.corpus.office import OFFICE_FILES
from files.tests.corpus.outside import REACHING
from files.tests.corpus.pdfs import DOCUMENTS
from files.tests.corpus.pictures import PICTURES

CORPUS = [*DOCUMENTS, *PICTURES, *OFFICE_FILES, *REACHING, *NAMES]
