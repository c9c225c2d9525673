"""How long the texts are that people write: the same on pages and in the API."""

TEXT_MAX = 50_000  # characters of a longer text; PostgreSQL's search vector takes several times as many
REMARK_MAX = 5_000  # characters of a remark or reason that a decision over a release or a file carries
