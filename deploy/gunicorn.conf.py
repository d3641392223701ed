"""gunicorn: processes with threads. Every number comes from the environment reader."""

from pathlib import Path

from config import env

_memory = Path("/dev/shm")  # noqa: S108 - memory, not a folder for files
_chosen = env.current()

bind = f"{_chosen.bind}:{_chosen.port}"
workers = _chosen.web_workers
worker_class = "gthread"
threads = _chosen.web_threads
# A request may take as long as the slowest file; a silent worker is replaced.
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
forwarded_allow_ips = "*" if _chosen.behind_proxy else "127.0.0.1"
accesslog = None
errorlog = "-"
loglevel = _chosen.log_level.lower()
# Signs of life belong into memory: a slow disk must not look like a hung worker.
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
