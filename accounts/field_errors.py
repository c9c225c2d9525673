"""The status of an answer that names the entries which cannot be accepted: one for pages and for the API."""

STATUS = 422
