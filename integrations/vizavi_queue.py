"""What the translators have in common: a queue on disk, sending to vizavi, taking webhooks.

Python 3.9 or newer, nothing but the standard library.
"""

import hmac
import json
import logging
import os
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LARGEST_WEBHOOK = 1024 * 1024
MOST_WAITING = 100_000
MOST_REFUSED = 1_000
MOST_REMEMBERED = 200_000
SHORTEST_SECRET = 16

log = logging.getLogger("vizavi")


class Later(Exception):
    """It can't be done now; it is tried again."""


class Refused(Exception):
    """It will never be done: the same again would be refused again."""


def fetch(url, body=None, headers=None, timeout=20):
    """Status and body of an answer. Raises Later if there is none."""
    request = urllib.request.Request(url, data=body, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except (OSError, ValueError) as error:
        # The address may have a secret in it: it is not told.
        raise Later(f"no answer: {type(error).__name__}") from None


class Vizavi:
    """The contract's side: sends events and cards."""

    def __init__(self, address, token):
        self.address = address.rstrip("/")
        self.token = token

    def send(self, kind, things):
        """Sends things of one kind: events, clients or employees. Raises Later or Refused."""
        if not things:
            return
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = json.dumps(things, ensure_ascii=False).encode()
        status, answer = fetch(f"{self.address}/v1/{kind}", body, headers)
        if status not in (200, 422):
            raise Later(f"vizavi answered {status}: {answer[:300].decode(errors='replace')}")
        try:
            refusals = json.loads(answer)["refusals"]
        except (ValueError, KeyError, TypeError):
            raise Later(f"{status} from something that is not vizavi") from None
        if refusals:
            raise Refused("; ".join(str(one.get("reason")) for one in refusals)[:1000])


class Queue:
    """Webhooks that wait, and which events were sent about which object. In one SQLite file."""

    def __init__(self, path, clock=time.time):
        self.clock = clock
        self.lock = threading.RLock()
        self.base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        if path != ":memory:":
            os.chmod(path, 0o600)
        self.base.executescript("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL,
                version INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0);
            CREATE INDEX IF NOT EXISTS waiting_due ON waiting (due, id);
            CREATE TABLE IF NOT EXISTS refused (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL,
                reason TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS sent (object TEXT NOT NULL, event TEXT NOT NULL, client TEXT NOT NULL,
                time TEXT, UNIQUE (object, event, client));
            CREATE TABLE IF NOT EXISTS links (object TEXT PRIMARY KEY, client TEXT NOT NULL);
        """)

    def put(self, body):
        """Keeps a webhook on disk. False: the queue is full."""
        with self.lock:
            waiting = self.base.execute("SELECT count(*) FROM waiting").fetchone()[0]
            if waiting >= MOST_WAITING:
                return False
            version = int(self.clock() * 1_000_000)
            self.base.execute("INSERT INTO waiting (body, version) VALUES (?, ?)", (body, version))
            return True

    def next(self):
        """The webhook whose turn it is: (id, body, version, attempts)."""
        with self.lock:
            return self.base.execute(
                "SELECT id, body, version, attempts FROM waiting WHERE due <= ? ORDER BY id LIMIT 1",
                (self.clock(),)).fetchone()

    def done(self, number):
        with self.lock:
            self.base.execute("DELETE FROM waiting WHERE id = ?", (number,))

    def later(self, number, attempts):
        """Tries again after 5, 10, 20 … 600 seconds."""
        due = self.clock() + min(600, 5 * 2 ** min(attempts, 7))
        with self.lock:
            self.base.execute("UPDATE waiting SET attempts = ?, due = ? WHERE id = ?",
                              (attempts + 1, due, number))

    def refuse(self, number, body, reason):
        with self.lock:
            self.base.execute("INSERT INTO refused (body, reason) VALUES (?, ?)", (body, reason))
            self.base.execute("DELETE FROM refused WHERE id <= (SELECT max(id) FROM refused) - ?",
                              (MOST_REFUSED,))
            self.done(number)

    def counts(self):
        with self.lock:
            return tuple(self.base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                         for table in ("waiting", "refused"))

    def gone(self, object_id, events, version):
        """Cancellations of what was sent about an object before and does not hold any more."""
        now = {(one["id"], client_of(one)) for one in events}
        with self.lock:
            before = self.base.execute("SELECT event, client, time FROM sent WHERE object = ?",
                                       (object_id,)).fetchall()
        return [cancelled(event, client, moment, version)
                for event, client, moment in before if (event, client) not in now]

    def remember(self, object_id, events):
        with self.lock:
            self.base.execute("BEGIN")
            self.base.execute("DELETE FROM sent WHERE object = ?", (object_id,))
            self.base.executemany("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?)",
                                  [(object_id, one["id"], client_of(one), one["time"]) for one in events])
            self.base.execute("DELETE FROM sent WHERE rowid <= (SELECT max(rowid) FROM sent) - ?",
                              (MOST_REMEMBERED,))
            self.base.execute("COMMIT")

    def link(self, object_id, client):
        with self.lock:
            self.base.execute("DELETE FROM links WHERE object = ?", (object_id,))
            self.base.execute("INSERT INTO links VALUES (?, ?)", (object_id, client))
            self.base.execute("DELETE FROM links WHERE rowid <= (SELECT max(rowid) FROM links) - ?",
                              (MOST_REMEMBERED,))

    def linked(self, object_id):
        with self.lock:
            row = self.base.execute("SELECT client FROM links WHERE object = ?", (object_id,)).fetchone()
        return row and row[0]


def client_of(event):
    """The client of an event; of one who is known by a telephone only, that."""
    return event.get("client") or "phone:" + event["phones"][0]


def cancelled(event, client, moment, version):
    """A cancellation as the contract has it."""
    one = {"id": event, "cancelled": True, "version": version, "time": moment}
    if client.startswith("phone:"):
        one["phones"] = [client[len("phone:"):]]
    else:
        one["client"] = client
    return one


def work_once(queue, vizavi, translate):
    """Does one webhook. False if none is due.

    `translate(form, version, attempts)` gives [(object, events, clients)]: all that now holds of each
    object the webhook is about. It may be asked twice: a webhook is forgotten only when all is sent.
    """
    row = queue.next()
    if row is None:
        return False
    number, body, version, attempts = row
    try:
        for object_id, events, clients in translate(parse_form(body), version, attempts):
            for one in events + clients:
                one["version"] = version
            vizavi.send("clients", clients)
            vizavi.send("events", events + queue.gone(object_id, events, version))
            queue.remember(object_id, events)
    except Later as reason:
        log.warning("webhook %d waits: %s", number, reason)
        queue.later(number, attempts)
    except Refused as reason:
        log.error("webhook %d is refused: %s", number, reason)
        queue.refuse(number, body, str(reason))
    except Exception:  # A webhook of a shape nobody foresaw must not stop the others.
        log.exception("webhook %d can't be read", number)
        queue.refuse(number, body, "it can't be read")
    else:
        queue.done(number)
    return True


def work(queue, vizavi, translate, stop, pause=0.5):
    """Does webhooks until `stop` is set; never faster than the CRM allows to be asked."""
    while not stop.is_set():
        try:
            busy = work_once(queue, vizavi, translate)
        except sqlite3.Error:
            log.exception("the queue can't be used")
            busy = False
        stop.wait(pause if busy else 1)


def parse_form(body):
    """a[b][0][c]=1 as {"a": {"b": {"0": {"c": "1"}}}}. A value beside nested ones has the key ""."""
    tree = {}
    for name, value in urllib.parse.parse_qsl(body, keep_blank_values=True, max_num_fields=5000):
        head, *rest = name.split("[")
        keys = [head] + [key.rstrip("]") for key in rest]
        if len(keys) > 20:
            continue
        place = tree
        for key in keys[:-1]:
            if not isinstance(place.get(key), dict):
                place[key] = {} if key not in place else {"": place[key]}
            place = place[key]
        if isinstance(place.get(keys[-1]), dict):
            place[keys[-1]][""] = value
        else:
            place[keys[-1]] = value
    return tree


def same(left, right):
    """Compares secrets; the time it takes tells nothing."""
    return hmac.compare_digest(str(left).encode(), str(right).encode())


def need(name, shortest=1):
    """A setting from the environment."""
    value = os.environ.get(name, "").strip()
    if len(value) < shortest:
        raise SystemExit(f"set {name} (at least {shortest} characters)")
    return value


def server(listen, queue, is_ours):
    """An HTTP server for webhooks. `is_ours(path, body)` says whether one is from the CRM."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self):
            try:
                length = int(self.headers.get("Content-Length", ""))
            except ValueError:
                return self.answer(411)
            if not 0 <= length <= LARGEST_WEBHOOK:
                return self.answer(413)
            raw = self.rfile.read(length)
            body = raw.decode("utf-8", errors="replace")
            try:
                ours = len(raw) == length and is_ours(self.path, body)
            except ValueError:
                ours = False
            if not ours:
                return self.answer(403)
            try:
                kept = queue.put(body)
            except sqlite3.Error:
                log.exception("the queue can't be written")
                kept = False
            return self.answer(200 if kept else 503)

        def do_GET(self):
            """For a watchdog: how many wait, how many were refused."""
            if self.path != "/health":
                return self.answer(404)
            waiting, refused = queue.counts()
            return self.answer(200, {"waiting": waiting, "refused": refused})

        def answer(self, status, content=None):
            body = json.dumps(content).encode() if content is not None else b""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_):
            """Paths have secrets in them."""

    host, port = listen.rsplit(":", 1)
    return ThreadingHTTPServer((host, int(port)), Handler)


def serve(listen, queue, vizavi, translate, is_ours, pause=0.5):
    """Takes webhooks and does them until the process is stopped."""
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(queue, vizavi, translate, stop, pause), daemon=True)
    worker.start()
    with server(listen, queue, is_ours) as taking:
        log.info("taking webhooks at %s", listen)
        try:
            taking.serve_forever()
        except KeyboardInterrupt:
            stop.set()
