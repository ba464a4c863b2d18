#!/usr/bin/env python3
"""packaging/nginx/posthorn.conf, in Debian's nginx before a server: calls, callers' addresses, bodies, the console, and
the stream of attempts, which must arrive while it lasts.

usage: reverse_proxy_test.py PROGRAM_DIRECTORY
"""

import getpass
import http.client
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from server import TIMEOUT_S, TOKEN, Server

PROGRAMS = None
SITE = Path(__file__).resolve().parent.parent.parent / "packaging/nginx/posthorn.conf"

# The workers keep the user of the test, whose folder nobody else may enter.
AROUND = """
user {user};
daemon off;
error_log stderr warn;
pid {folder}/nginx.pid;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/site.conf;
}}
"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class BehindNginx(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="posthorn-nginx-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.port = free_port()
        self.server = Server(PROGRAMS, self.folder, "--trusted-proxy", "127.0.0.1/32", "--public-url",
                             f"https://localhost:{self.port}")
        self.addCleanup(self.server.stop)
        self.start_nginx()
        self.trust = ssl.create_default_context(cafile=self.folder + "/site.pem")
        self.url = f"https://localhost:{self.port}"
        made = self.call("POST", "/v1/deployments", {"name": "proxied", "preset": "standard"})
        self.assertEqual(made[0], 201, made[2])
        self.key = json.loads(made[2])["environments"]["test"]["api_key"]

    def start_nginx(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                        self.folder + "/site.key", "-out", self.folder + "/site.pem"], check=True, capture_output=True)
        site = SITE.read_text()
        for written, tried in (("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                               ("server 127.0.0.1:8080;", f"server 127.0.0.1:{self.server.port};"),
                               ("server_name webhooks.example.org;", "server_name localhost;"),
                               ("/etc/ssl/certs/webhooks.example.org.pem", self.folder + "/site.pem"),
                               ("/etc/ssl/private/webhooks.example.org.key", self.folder + "/site.key")):
            self.assertEqual(site.count(written), 1, written)
            site = site.replace(written, tried)
        Path(self.folder, "site.conf").write_text(site)
        Path(self.folder, "nginx.conf").write_text(AROUND.format(folder=self.folder, user=getpass.getuser()))
        with open(self.folder + "/nginx.log", "w", encoding="utf-8") as log:
            self.nginx = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", self.folder, "-c",
                                           self.folder + "/nginx.conf"], stderr=log)
        self.addCleanup(self.stop_nginx)
        while True:
            self.assertIsNone(self.nginx.poll(), Path(self.folder, "nginx.log").read_text())
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except ConnectionRefusedError:
                continue

    def stop_nginx(self):
        self.nginx.terminate()
        self.nginx.wait(TIMEOUT_S)

    def call(self, method, path, body=None, credential=TOKEN):
        return self.server.call(method, self.url + path, body, credential, self.trust)

    def test_calls_pass_and_callers_are_told_apart(self):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=TIMEOUT_S)
        connection.request("GET", "/v1/endpoints", headers={"api-key": "ph_test_wrong", "X-Forwarded-For": "192.0.2.7"})
        self.assertEqual(connection.getresponse().status, 401)
        connection.close()
        entries = []
        while not entries:
            entries = json.loads(self.call("GET", "/v1/request-log?limit=10")[2])["data"]
        self.assertEqual(entries[0]["remote"], "127.0.0.1", "what the caller claims of itself is replaced")

    def test_the_largest_batch_passes(self):
        event = json.dumps({"type": "order.paid", "uid": "anna", "payload": {"text": "x" * 200_000}})
        lines = "\n".join([event] * (8 * 1024 * 1024 // (len(event) + 1)))
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=TIMEOUT_S)
        connection.request("POST", "/v1/events/batch", lines, {"api-key": self.key, "Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        self.assertLess(answer.status, 300, answer.read())
        connection.close()

    def test_the_console_comes_compressed(self):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=TIMEOUT_S)
        connection.request("GET", "/console/", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Encoding"]), (200, "gzip"))
        self.assertGreater(len(answer.read()), 0)
        connection.close()

    def test_metrics_stay_inside(self):
        self.assertEqual(self.call("GET", "/metrics")[0], 404)

    def test_attempts_arrive_while_the_stream_lasts(self):
        receiver = HTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        made = self.call("POST", "/v1/endpoints", {"url": f"http://127.0.0.1:{receiver.server_port}/"}, self.key)
        self.assertEqual(made[0], 201, made[2])
        stream = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=TIMEOUT_S)
        stream.request("GET", "/v1/stream?seconds=60", headers={"api-key": self.key})
        answer = stream.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/event-stream"))
        for number in range(3):
            sent = self.call("POST", "/v1/events", {"type": "order.paid", "uid": "anna", "payload": {"n": number}}, self.key)
            self.assertEqual(sent[0], 202, sent[2])
            # Before the next is sent, and before the stream ends: nothing on the way waits for more.
            while not (line := answer.readline()).startswith(b"data:"):
                self.assertNotEqual(line, b"", "the stream has ended")
            self.assertIn(json.loads(sent[2])["id"], line.decode())
        stream.close()


if __name__ == "__main__":
    PROGRAMS = Path(sys.argv.pop(1)).resolve()
    unittest.main()
