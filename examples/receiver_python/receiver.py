#!/usr/bin/env python3
"""A webhook receiver on the standard library alone (docs/receiving.md).

    POSTHORN_KEYS="ph_prod_new,ph_prod_old" python3 receiver.py 8400
"""
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Every key that is valid now: during a rotation the new one and the old one.
KEYS = [key.encode() for key in os.environ.get("POSTHORN_KEYS", "").split(",") if key]
BODY_BYTES_MAX = 4 * 1024 * 1024
WAITING = threading.Event()  # something is stored that was not acted on
# The time that tells two events of one type and uid apart.
OWN_TIME = {
    "application.complete": "application_completed_at",
    "application.incomplete": "last_response_submitted_at",
    "application.expired": "application_expired_at",
    "application.cancelled": "application_cancelled_at",
}


def verified(signature: str, body: bytes) -> bool:
    # Over the raw bytes. compare_digest takes the same time wherever the two differ; as bytes, it takes any header.
    expected = [hmac.new(key, body, hashlib.sha512).hexdigest().encode() for key in KEYS]
    return any([hmac.compare_digest(each, signature.encode()) for each in expected])


def content_key(body: bytes) -> str | None:
    """(uid, integration_id, type, own time), or None for a type or shape that this program does not know."""
    try:
        message = json.loads(body)
        event = message["event"]
        own_time = event["details"][OWN_TIME.get(event["type"], "scored_at")]
        return json.dumps([message["uid"], message["integration_id"], event["type"], own_time])
    except (ValueError, KeyError, TypeError):
        return None


def open_inbox() -> sqlite3.Connection:
    inbox = sqlite3.connect("inbox.db", timeout=10)
    inbox.execute("PRAGMA synchronous = FULL")  # each commit is on disk before it returns
    return inbox


def prepare_inbox() -> None:
    with closing(open_inbox()) as inbox, inbox:
        inbox.execute("PRAGMA journal_mode = WAL")
        inbox.execute("CREATE TABLE IF NOT EXISTS event(id INTEGER PRIMARY KEY, by_id TEXT UNIQUE, by_content TEXT UNIQUE,"
                      " type TEXT, body BLOB, done INTEGER NOT NULL DEFAULT 0)")
        inbox.execute("CREATE TABLE IF NOT EXISTS effect(uid TEXT, type TEXT)")  # what this program is for


def record(webhook_id: str | None, event_type: str, body: bytes) -> None:
    """Returns once the event is on disk. One that is there already changes nothing."""
    with closing(open_inbox()) as inbox, inbox:  # commits at the end, or rolls back
        row = (webhook_id, content_key(body), event_type, body)
        inbox.execute("INSERT OR IGNORE INTO event(by_id, by_content, type, body) VALUES (?, ?, ?, ?)", row)


def act(inbox: sqlite3.Connection, event_type: str, body: bytes) -> None:
    """Whatever is to be done, once: in the transaction that marks the event as done, so that a crash undoes both."""
    try:
        uid = json.loads(body)["uid"]
    except (ValueError, KeyError, TypeError):
        uid = None
    inbox.execute("INSERT INTO effect VALUES (?, ?)", (uid, event_type))


def work(waiting: threading.Event) -> None:
    """Acts on what is stored, in the order of arrival; begins with what an earlier process left."""
    with closing(open_inbox()) as inbox:
        while True:
            row = inbox.execute("SELECT id, type, body FROM event WHERE done = 0 ORDER BY id LIMIT 1").fetchone()
            if row is None:
                waiting.wait()
                waiting.clear()
                continue
            try:
                with inbox:
                    act(inbox, row[1], row[2])
                    inbox.execute("UPDATE event SET done = 1 WHERE id = ?", (row[0],))
            except sqlite3.Error as failed:  # a full disk, a lock: it is tried again
                print(f"event {row[0]}: {failed}", file=sys.stderr)
                time.sleep(1)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 75

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            return self.answer(413, "Content-Length missing or too large")
        body = self.rfile.read(int(length))
        if not verified(self.headers.get("X-Signature", ""), body):
            return self.answer(403, "Validation Failure")
        if self.headers.get("webhook-test") == "true":
            return self.answer(200, "ok")  # acknowledged, and not acted on
        # 200 says "safe with us". If this raises, the connection breaks and the sender tries again.
        record(self.headers.get("webhook-id"), self.headers.get("webhook-event-type", ""), body)
        self.answer(200, "ok")
        WAITING.set()

    def answer(self, status: int, detail: str) -> None:
        body = json.dumps({"detail": detail}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    if not KEYS:
        sys.exit("POSTHORN_KEYS holds no key")
    prepare_inbox()
    threading.Thread(target=work, args=(WAITING,), daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
