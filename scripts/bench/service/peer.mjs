import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fastify from "fastify";

/** The least that a service could do: fastify without plugins, and an answer for each customer in a Map. */
const answers = new Map();
const shapes = new Map();
for await (const line of createInterface({
  input: createReadStream(join(process.argv[2], "decisions.jsonl")),
})) {
  const { customer_id, offer, photo, copy, creatives } = JSON.parse(line);
  const key = `${offer.id} ${creatives[0]?.sha256}`;
  if (!shapes.has(key)) shapes.set(key, answerOf({ offer, photo, copy, creatives }));
  answers.set(customer_id, shapes.get(key));
}

function answerOf({ offer, photo, copy, creatives }) {
  return {
    decision: "0123456789abcdefghijkl",
    status: "ad",
    campaign: { name: "bench", version: "0123456789ab" },
    source: "run",
    is_final: true,
    offer: { id: offer.id, basis: offer.basis, url: "https://example.com" },
    photo: photo && { basis: photo.basis, reason: photo.reason },
    copy,
    creatives: creatives.map(({ file, ...creative }) => ({ ...creative, url: `/v1/${file}` })),
    experiment: {},
  };
}

const app = fastify({ logger: false });
app.post("/v1/decisions", (request, reply) => {
  reply.send(answers.get(request.body.customer_id));
});
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.stderr.write(`Ready: ${url}\n`);
