"""How the web server runs, here and in the image; whatever differs comes from the environment."""

import os

import gunicorn

gunicorn.SERVER = "portal"  # what the header Server says of us: nothing
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Threads, so that a slow reader holds up one request and not a whole process.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loading once and then forking halves the start on a small machine; no connection is opened while loading.
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# The heartbeat file in memory: on a slow disk a worker would be taken for dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (the file has no name there)
accesslog = "-"
# Without the query: it may hold what somebody searched for. Without the address and the agent of the reader.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)sms"
