// Finds the number behind a puzzle of kanal/channels/web/challenge.py, away from the page's own thread.
"use strict";
const encoder = new TextEncoder();
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const BATCH = 250;

onmessage = async ({ data: { salt, target, cost } }) => {
  const wanted = bytesOf(target);
  const fits = (digest) => wanted.every((byte, at) => byte === digest[at]);
  for (let from = 0; from <= cost; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, cost - from + 1) }, (_, at) => from + at);
    const digests = await Promise.all(numbers.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(salt + n))));
    const at = digests.findIndex((digest) => fits(new Uint8Array(digest)));
    if (at >= 0) return postMessage(from + at);
  }
  postMessage(null);
};
