"""The configurations of PostgreSQL's full-text search, by language."""

# PostgreSQL has stemmers for five of the six languages; Chinese is searched in the column `plain`.
SEARCH_CONFIGS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
