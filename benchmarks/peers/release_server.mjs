// The peer of the delivery server with releases in force: is the visitor in a list of 1,000,000 ids (binary search), inside
// the percentage (SHA-256), and which release follows from that.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { load, root, serve } from "./manifest_server.mjs";

const policy = load("releases/shop.json").policy;
const target = policy.targets[0];
const ids = readFileSync(`${root}/segments/shop/vip/ids.txt`, "utf8").split("\n").filter(Boolean).sort();

const isListed = (id) => {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle] < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id;
};
const bucket = (salt, key) => {
  const digest = createHash("sha256").update(`${salt}:${key}`).digest();
  return Number((digest.readBigUInt64BE(0) * 10000n) >> 64n);
};
const chooseRelease = (context) => {
  if (context.hostApp !== target.hostApp) return null;
  for (const entry of target.entries) {
    const release = target.releases[entry.release];
    if (release.audience && !(context.userId && isListed(context.userId))) continue;
    if (entry.basisPoints && !(context.userId && bucket(entry.salt, context.userId) < entry.basisPoints)) continue;
    return { step: entry.step, release: entry.release, version: release.version };
  }
  return null;
};

serve(chooseRelease, ["userId"]);
