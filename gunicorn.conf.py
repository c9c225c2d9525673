"""Configuration of the web server, for development and the image; differences come from the environment."""

import os

import gunicorn

gunicorn.SERVER = "portal"  # the header Server reveals no version
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Threads, so that a slow client holds up one request and not a whole process.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loading before forking halves the start on a small machine; no connection is opened while loading.
preload_app = True
timeout = 60
# Shorter than docker-compose's stop_grace_period and systemd's TimeoutStopSec, after which a process is killed.
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_SECONDS", "30"))
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# The heartbeat file in memory: on a slow disk a worker would be considered dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (the file has no name there)
accesslog = "-"
logger_class = "portal.logs.WebLogger"  # masks the keys of one-time links
# Without the query, which may hold search terms, and without the client's address and user agent.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)sms"
