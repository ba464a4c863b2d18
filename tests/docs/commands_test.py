#!/usr/bin/env python3
"""Runs the commands that the documentation shows (its ```sh blocks), against a server of its own.

usage: commands_test.py PROGRAM_DIRECTORY

- `curl …` must be answered 2xx; 127.0.0.1:8080 is the server under test, and example.org a closed port of 127.0.0.1.
- `./dev VERB` must be a verb of `./dev help`; running it is somebody else's test.
- Every other command must end with status 0, or with N where a comment behind it says `# exits with N`, in a directory
  where posthorn-data is the server's, with `posthorn` and build/release/posthorn being the program under test.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ADMIN = "ph_admin_for_docs_0123456789abcdef"
TIMEOUT_S = 60


def documents():
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/*.md")])


def commands(text):
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.S | re.M):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip() and not line.startswith("#"):
                yield line.strip()


class Server:
    def __init__(self, programs, directory):
        self.programs = programs
        self.process = subprocess.Popen(
            [programs / "posthorn", "serve", "--data", directory + "/posthorn-data", "--listen", "127.0.0.1:0",
             "--ops-listen", "none", "--allow-http-endpoints", "--allow-private-endpoints"],
            env={**os.environ, "POSTHORN_ADMIN_TOKEN": ADMIN}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        for line in self.process.stdout:
            if found := re.search(r"serves the API on (http://127\.0\.0\.1:\d+)", line):
                self.url = found[1]
                break
        else:
            raise SystemExit("the server did not start")
        made = self.call("/v1/deployments", {"name": "documentation", "preset": "standard"})
        self.variables = {"API_KEY": made["environments"]["test"]["api_key"],
                          "INTEGRATION_ID": made["environments"]["test"]["integration_id"],
                          "POSTHORN_ADMIN_TOKEN": ADMIN}

    def call(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(),
                                         {"Authorization": "Bearer " + ADMIN, "Content-Type": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        return self.process.wait(TIMEOUT_S)


def verbs():
    shown = subprocess.run(["./dev", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  (\w+)", shown, re.M))


def run(command, server, directory):
    command = re.sub(r"(?:build/release/|(?<![\w/.-]))posthorn (?=\w)", f"{server.programs}/posthorn ", command)
    command = command.replace("http://127.0.0.1:8080", server.url).replace("https://example.org", "https://127.0.0.1:1")
    command = re.sub(r"^curl ", "curl --noproxy '*' --silent --show-error --fail-with-body ", command)
    done = subprocess.run(["bash", "-c", command], cwd=directory, timeout=TIMEOUT_S, capture_output=True, text=True,
                          env={**os.environ, **server.variables})
    return done.returncode, done.stdout + done.stderr


def main():
    known, failed, ran = verbs(), 0, 0
    with tempfile.TemporaryDirectory(prefix="posthorn-docs-") as directory:
        server = Server(Path(sys.argv[1]).resolve(), directory)
        try:
            for document in documents():
                for command in commands(document.read_text()):
                    ran += 1
                    words = shlex.split(command, comments=True)
                    if words[0] == "./dev":
                        status, output = (0, "") if words[1] in known else (1, "not a verb of ./dev help\n")
                    else:
                        status, output = run(command, server, directory)
                    if status != 0 and f"# exits with {status}" not in command:
                        failed += 1
                        print(f"{document.relative_to(ROOT)}: {command}\n  status {status}: {output}")
        finally:
            status = server.stop()
    print(f"{ran} commands of the documentation, {failed} failed")
    return 1 if failed or ran == 0 or status != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
