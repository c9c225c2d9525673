# The portal as one image: web, worker and scheduler differ only in the command (docker-compose.yml shows all three).
# By its digest in production: deploy/new-env looks it up.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE} AS libraries
RUN python -m venv /opt/portal
COPY requirements.txt .
RUN /opt/portal/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/portal/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV PRODUCTION=1 DEMO_ALLOWED=0 PORTAL_VAR=/var/lib/portal BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --home-dir /var/lib/portal --create-home portal
COPY --from=libraries /opt/portal /opt/portal
WORKDIR /srv/portal
COPY . .
# A copy keeps the permissions of the build machine; the user below can read everything here and change nothing.
RUN chmod -R u=rwX,go=rX .
# Django reads compiled translations, and the repository holds their sources.
RUN python -m devserver.catalogues
# The values are only needed to load the settings and are not stored; the static files are, read-only for the portal.
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(60))') ALLOWED_HOSTS=localhost \
    SITE_URL=https://localhost DATABASE_URL=postgres:///none REDIS_URL=redis://none EMAIL_URL=smtp://none \
    DEFAULT_FROM_EMAIL=portal@none.example CONTACT_EMAIL=portal@none.example \
    python manage.py collectstatic --noinput --verbosity 0 \
    && install -d -o portal -g 101 -m 2750 /var/lib/portal/files
USER portal
# Uploaded files, which the group of nginx in its own image (101) reads, to send them (FILES_ACCEL_PREFIX); keep them on a volume that is backed up together with the database.
VOLUME /var/lib/portal/files
EXPOSE 8000
# The settings redirect plain requests to https, so the check sends the header of the proxy in front.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-c", "\
import os, urllib.request as web; \
host = os.environ['ALLOWED_HOSTS'].split(',')[0]; \
web.urlopen(web.Request('http://127.0.0.1:8000/health/', headers={'Host': host, 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "portal.wsgi"]
