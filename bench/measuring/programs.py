"""The programs of a measurement: the server under test, the sink, the load, wrk."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from .machine import rss_mb

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 60
QUIET_S_MAX = 15  # nothing arriving for this long while something is still owed: give up waiting


class BenchError(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, method, path, body=None, headers=None, timeout_s=30):
    """(status, text) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        data = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class Process:
    def __init__(self, name, command, log, environment=None):
        self.name = name
        self._log = open(log, "ab")
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                                         env={**os.environ, **(environment or {})})
        self.log, self.pid = log, self._process.pid

    def wait_until(self, is_ready):
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BenchError(f"{self.name} ended with {self._process.returncode}: see {self.log}")
            try:
                if is_ready():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise BenchError(f"{self.name} is not ready after {START_TIMEOUT_S} s: see {self.log}")

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Sink(Process):
    def __init__(self, build, log, *flags):
        self.port = free_port()
        super().__init__("sink", [build / "posthorn-bench-sink", "--port", str(self.port), *flags], log)
        self.wait_until(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    def stats(self):
        return json.loads(ask(self.port, "GET", "/stats")[1])

    def reset(self):
        ask(self.port, "GET", "/reset")

    def wait_for(self, count):
        """The stats once `count` have arrived, or once nothing has come for QUIET_S_MAX."""
        stats, last_change = self.stats(), time.monotonic()
        while stats["count"] < count and time.monotonic() - last_change < QUIET_S_MAX:
            time.sleep(0.1)
            newer = self.stats()
            if newer["count"] != stats["count"]:
                last_change = time.monotonic()
            stats = newer
        return stats


class Server(Process):
    def __init__(self, build, data, log):
        self.port, self.ops_port = free_port(), free_port()
        self._admin = "ph_admin_" + os.urandom(16).hex()
        super().__init__("server", [
            build / "posthorn", "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}",
            "--ops-listen", f"127.0.0.1:{self.ops_port}", "--allow-http-endpoints", "--allow-private-endpoints",
        ], log, {"POSTHORN_ADMIN_TOKEN": self._admin})
        self.wait_until(lambda: ask(self.ops_port, "GET", "/readyz")[0] == 200)
        self.api_key = ""

    def call(self, method, path, body=None):
        headers = {"api-key": self.api_key} if self.api_key else {"Authorization": f"Bearer {self._admin}"}
        status, text = ask(self.port, method, path, body, headers)
        if status // 100 != 2:
            raise BenchError(f"{method} {path} answered {status}: {text[:300]}")
        return json.loads(text) if text else None

    def make_deployment(self):
        """Afterwards calls are made with the test environment's api-key."""
        made = self.call("POST", "/v1/deployments", {"name": "bench", "preset": "assessment"})
        self.api_key = made["environments"]["test"]["api_key"]

    def make_endpoint(self, url, **settings):
        return self.call("POST", "/v1/endpoints", {"url": url, "preset": "assessment", **settings})["id"]

    def rss_mb(self):
        return rss_mb(self.pid)

    def index_lag(self):
        status, text = ask(self.ops_port, "GET", "/metrics")
        found = re.search(r"^posthorn_index_lag_events(?:\{[^}]*\})? (\S+)", text, re.MULTILINE)
        return float(found[1]) if status == 200 and found else None


class Watch:
    """Samples the server's memory and index lag, five times a second, while a block runs."""

    def __init__(self, server):
        self.rss_mb_max, self.index_lag_max = 0.0, None
        self._server, self._done = server, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._done.wait(0.2):
            self.rss_mb_max = max(self.rss_mb_max, self._server.rss_mb())
            lag = self._server.index_lag()
            if lag is not None:
                self.index_lag_max = max(lag, self.index_lag_max or 0.0)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


def run_load(build, server, **options):
    """What posthorn-bench-load reports. An option that is True is a flag."""
    path = "/v1/events/batch" if options.get("batch", 1) > 1 else "/v1/events"
    command = [build / "posthorn-bench-load", "--url", f"http://127.0.0.1:{server.port}{path}"]
    for name, value in options.items():
        if value is True:
            command.append("--" + name.replace("_", "-"))
        elif value not in (False, None):
            command += ["--" + name.replace("_", "-"), str(value)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                           env={**os.environ, "POSTHORN_API_KEY": server.api_key})
    if ended.returncode != 0:
        raise BenchError(f"load failed: {ended.stderr.strip() or ended.stdout.strip()}")
    return json.loads(ended.stdout)


def run_wrk(url, scratch, connections, seconds, payload_bytes):
    """Requests a second that wrk gets out of `url`."""
    script = Path(scratch, "post.lua")
    script.write_text('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                      f'wrk.body = string.rep("x", {payload_bytes})\n')
    ended = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script, url],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    found = re.search(r"Requests/sec:\s+([\d.]+)", ended.stdout)
    if not found:
        raise BenchError(f"wrk failed: {ended.stdout}{ended.stderr}")
    return float(found[1])
