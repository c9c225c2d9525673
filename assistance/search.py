"""The configurations of PostgreSQL's text search, by language."""

# PostgreSQL has stemmers for five of the six languages; Chinese is found by `plain`.
SEARCH_CONFIGS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
