"""Generic building blocks of pages and API collections; imports no model of the other apps."""
