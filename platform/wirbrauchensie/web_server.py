"""How gunicorn serves the product, wherever it runs: `gunicorn --config python:wirbrauchensie.web_server`.

A thread belongs to a request that has come (`patient_worker`), never to a connection that sends nothing or
half a head. Every thread keeps its database connection. The workers are forks of a process that has
imported everything: one import, and one copy of it in memory.
"""

from typing import Any

from gunicorn.glogging import Logger

from wirbrauchensie import metrics_folder

metrics_folder.open_anew()


class QuietLogger(Logger):
    """gunicorn's own log, without the address of a request: what it was about stands in log_routes.py."""

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Log a warning; one about a request that cannot be read says only from where it came."""
        text, separator, _quoted = str(msg).partition(": ")
        is_quoting = bool(separator) and text.startswith("Invalid request from ip=")
        super().warning(text if is_quoting else msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Log a traceback; of the request only that there was one."""
        if str(msg).startswith("Error handling request %s"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)


wsgi_app = "wirbrauchensie.wsgi:application"
preload_app = True
worker_class = "wirbrauchensie.patient_worker.PatientWorker"
workers = 2
threads = 8
accesslog = "-"
access_log_format = "%(s)s %(b)s bytes %(L)s s"
logger_class = QuietLogger
# By a socket in the home folder workers could be ended: nobody uses it, and the container has no such folder.
control_socket_disable = True


def on_exit(_server: Any) -> None:
    """What was counted ends with the server."""
    metrics_folder.remove()
