// Receives webhooks and judges each with verifiers that are not Posthorn's: the npm packages standardwebhooks and svix,
// and Node's own Ed25519. One JSON line on standard output a request.
//   node receiver.mjs DIRECTORY     the packages are in DIRECTORY/node_modules
//   PUT /keys {"v1": ["whsec_…"], "v1a": ["whpk_…"]}     the keys to judge with
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const standardwebhooks = require("standardwebhooks");
const svix = require("svix");

let keys = { v1: [], v1a: [] };

function accepts(webhook, body, headers) {
  try {
    webhook.verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

// RFC 8410: what stands before the 32 bytes of an Ed25519 key in its DER form.
const derPrefix = Buffer.from("302a300506032b6570032100", "hex");

function acceptsV1a(publicKey, body, headers) {
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ""), "base64");
  const key = createPublicKey({ key: Buffer.concat([derPrefix, raw]), format: "der", type: "spki" });
  const content = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  return (headers["webhook-signature"] ?? "")
    .split(" ")
    .filter((one) => one.startsWith("v1a,"))
    .some((one) => verify(null, content, key, Buffer.from(one.slice(4), "base64")));
}

function judge(body, headers) {
  return {
    standardwebhooks: keys.v1.map((key) => accepts(new standardwebhooks.Webhook(key), body, headers)),
    svix: keys.v1.map((key) => accepts(new svix.Webhook(key), body, headers)),
    crypto: keys.v1a.map((key) => acceptsV1a(key, body, headers)),
  };
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (request.method === "PUT") {
    keys = JSON.parse(body);
  } else {
    const line = {
      id: request.headers["webhook-id"],
      signatures: request.headers["webhook-signature"],
      genuine: judge(body, request.headers),
      altered: judge(`${body.slice(0, -1)} `, request.headers),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  response.writeHead(200).end();
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
