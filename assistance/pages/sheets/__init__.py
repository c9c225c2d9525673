"""Tables that are filled in as a spreadsheet and returned: how they are declared, written and read again."""
