"""The environment variables of a production site with safe settings; nothing of it exists."""

import secrets

SAFE = {
    "PRODUCTION": "1",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "DATABASE_URL": "postgres://portal_app:kU3xQ9mZt7Lw@database.example.org/portal",
    "REDIS_URL": "redis://:kU3xQ9mZt7Lw@broker.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://portal:kU3xQ9mZt7Lw@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Portal <portal@example.org>",
    "CONTACT_EMAIL": "help@example.org",
}
