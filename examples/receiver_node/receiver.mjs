// A webhook receiver on Node's own modules (docs/receiving.md).
//   POSTHORN_KEYS="ph_prod_new,ph_prod_old" node receiver.mjs 8400
import { createHmac, timingSafeEqual } from "node:crypto";
import { fsyncSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

// Every key that is valid now: during a rotation the new one and the old one.
const keys = (process.env.POSTHORN_KEYS ?? "").split(",").filter(Boolean);
if (keys.length === 0) throw new Error("POSTHORN_KEYS holds no key");
const bodyBytesMax = 4 * 1024 * 1024;
// The time that tells two events of one type and uid apart.
const ownTime = {
  "application.complete": "application_completed_at",
  "application.incomplete": "last_response_submitted_at",
  "application.expired": "application_expired_at",
  "application.cancelled": "application_cancelled_at",
};

// Over the raw bytes. timingSafeEqual takes the same time wherever the two differ, but throws on unequal lengths.
function verified(signature, body) {
  const given = Buffer.from(signature ?? "");
  const matches = keys.map((key) => {
    const expected = Buffer.from(createHmac("sha512", key).update(body).digest("hex"));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return matches.includes(true);
}

// [uid, integration_id, type, own time], or undefined for a type or shape that this program does not know.
function contentKey(body) {
  try {
    const { uid, integration_id, event } = JSON.parse(body);
    const time = event.details[ownTime[event.type] ?? "scored_at"];
    return time === undefined ? undefined : JSON.stringify([uid, integration_id, event.type, time]);
  } catch {
    return undefined;
  }
}

// An append-only file with one JSON line for each event ({keys, type, body}) and for each that was acted on ({done}),
// read back at start. Yours is a database table with unique columns. A line that does not parse was cut off by a crash,
// before its event was answered.
const inbox = openSync("inbox.jsonl", "a+");
const seen = new Set();
const waiting = [];
for (const text of readFileSync("inbox.jsonl", "utf8").split("\n")) {
  try {
    const line = JSON.parse(text);
    if (line.done) {
      waiting.splice(waiting.findIndex((event) => event.keys[0] === line.done), 1);
      continue;
    }
    line.keys.forEach((key) => seen.add(key));
    waiting.push(line);
  } catch {}
}

// Returns once the line is on disk.
function append(line) {
  writeFileSync(inbox, "\n" + JSON.stringify(line));
  fsyncSync(inbox);
}

// An event that is there already changes nothing.
function record(webhookId, type, body) {
  const keysOfEvent = [webhookId, contentKey(body)].filter((key) => key !== undefined);
  if (keysOfEvent.some((key) => seen.has(key))) return;
  const event = { keys: keysOfEvent, type, body: body.toString("base64") };
  append(event);
  keysOfEvent.forEach((key) => seen.add(key));
  waiting.push(event);
}

// Whatever is to be done, for each event once. A file cannot join your database's transaction: a crash between the two
// lines below acts again, so make acting idempotent by the event's key, or keep inbox and effect in one database.
function act(event) {
  const key = event.keys[0] ?? event.body;
  console.log(JSON.stringify({ acted_on: key, type: event.type }));
}

function work() {
  while (waiting.length > 0) {
    act(waiting[0]);
    const { keys } = waiting.shift();
    if (keys.length > 0) append({ done: keys[0] });
  }
}
work(); // what an earlier process left

createServer((request, response) => {
  const answer = (status, detail) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ detail }));
  const chunks = [];
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk); // beyond, the body is read and dropped
  });
  request.on("end", () => {
    if (request.method !== "POST") return answer(405, "POST a webhook");
    if (bytes > bodyBytesMax) return answer(413, "body too large");
    const body = Buffer.concat(chunks);
    if (!verified(request.headers["x-signature"], body)) return answer(403, "Validation Failure");
    if (request.headers["webhook-test"] === "true") return answer(200, "ok"); // acknowledged, and not acted on
    // 200 says "safe with us". If this throws, the process ends, and the sender tries again.
    record(request.headers["webhook-id"], request.headers["webhook-event-type"], body);
    answer(200, "ok");
    setImmediate(work);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
