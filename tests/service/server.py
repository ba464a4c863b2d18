"""`posthorn serve` in a folder of its own on 127.0.0.1, for tests that come from outside."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request

TOKEN = "ph_admin_for_tests_from_outside_0001"
TIMEOUT_S = 60


class Server:
    def __init__(self, programs, folder, *flags, environment=()):
        self.log = open(folder + "/server.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [programs / "posthorn", "serve", "--data", folder + "/data", "--listen", "127.0.0.1:0", "--ops-listen",
             "127.0.0.1:0", "--allow-http-endpoints", "--allow-private-endpoints", *flags],
            env={**os.environ, "POSTHORN_ADMIN_TOKEN": TOKEN, **dict(environment)}, stdout=subprocess.PIPE,
            stderr=self.log, text=True)
        self.url = self.ops_url = None
        for line in self.process.stdout:
            if found := re.search(r"serves the API on (http://127\.0\.0\.1:\d+)", line):
                self.url = found[1]
            if found := re.search(r"etrics on (http://127\.0\.0\.1:\d+)", line):
                self.ops_url = found[1]
            if line.startswith("Data in"):
                break
        if self.url is None:
            raise SystemExit("the server did not start")

    @property
    def port(self):
        return int(self.url.rpartition(":")[2])

    def call(self, method, url, body=None, credential=TOKEN, context=None):
        """(status, headers, text) of any URL."""
        request = urllib.request.Request(url, json.dumps(body).encode() if body is not None else None,
                                         {"Authorization": "Bearer " + credential, "Content-Type": "application/json"},
                                         method=method)
        handlers = [urllib.request.ProxyHandler({})]
        if context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        try:
            answer = urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.headers, answer.read().decode()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        status = self.process.wait(TIMEOUT_S)
        self.log.close()
        self.process.stdout.close()
        return status
