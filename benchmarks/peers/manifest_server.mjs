// What both peers of the delivery server are: a decision written directly on node:http, as a good engineer would for one
// program. Documents are read once; per request the query is parsed, eight rules are tried, and JSON is written.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

export const [root, port] = process.argv.slice(2);
export const load = (name) => JSON.parse(readFileSync(`${root}/${name}`, "utf8"));
const rollout = load("rollout-rules/shop.json");
const manifests = Object.fromEntries(
  ["1.0.0", "1.1.0"].map((version) => [version, load(`manifests/shop/versions/${version}.json`)]),
);
const SAFE = /^[A-Za-z0-9._-]+$/;
const NAMES = ["hostApp", "sdkVersion", "hostVersion", "platform", "locale", "tenantId", "pinnedVersion"];

const parse = (text) => {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
  return match && match.slice(1).map(Number);
};
const compare = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
const parseRange = (text) =>
  text.split(/\s+/).map((part) => {
    const [, operator, version] = /^(>=|<=|>|<)?(.*)$/.exec(part);
    return [operator, parse(version)];
  });
const allows = (range, version) =>
  range.every(([operator, bound]) => {
    const order = compare(version, bound);
    if (operator === ">=") return order >= 0;
    if (operator === "<=") return order <= 0;
    if (operator === ">") return order > 0;
    if (operator === "<") return order < 0;
    return order === 0;
  });

for (const rule of rollout.rules) rule.range = rule.hostVersionRange ? parseRange(rule.hostVersionRange) : null;
for (const manifest of Object.values(manifests)) manifest.range = parseRange(manifest.sdkVersionRange);

const matches = (rule, context) => {
  if (rule.hostApp && rule.hostApp !== context.hostApp) return false;
  if (rule.platform && rule.platform !== context.platform) return false;
  if (rule.tenantId && rule.tenantId !== context.tenantId) return false;
  if (rule.locale && context.locale?.toLowerCase() !== rule.locale.toLowerCase()) return false;
  if (rule.range) return context.hostVersion ? allows(rule.range, parse(context.hostVersion)) : false;
  return true;
};

let traces = 0;

/**
 * Answers manifests. `chooseRelease(context)` decides before the rules do: `{ step, release, version }`, or null where no
 * release is in force. `names` are what it reads of the query beside what the rules read.
 */
export function serve(chooseRelease = () => null, names = []) {
  const asked = [...NAMES, ...names];
  createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const context = {};
    for (const name of asked) {
      const value = url.searchParams.get(name)?.trim();
      if (value && !SAFE.test(value)) return response.writeHead(400).end();
      context[name] = value || null;
    }
    context.capabilities = (url.searchParams.get("capabilities") ?? "").split(",").filter(Boolean).sort();
    const chosen = chooseRelease(context);
    const rule = chosen ? null : rollout.rules.find((candidate) => matches(candidate, context));
    const version = chosen ? chosen.version : rule ? rule.version : rollout.defaultVersion;
    const { range, ...manifest } = manifests[version];
    if (context.sdkVersion && !allows(range, parse(context.sdkVersion))) return response.writeHead(412).end();
    const traceId = `lb_${(++traces).toString(16)}`;
    const body = JSON.stringify({
      ...manifest,
      deliveryMetadata: {
        responseType: "manifest_delivery_metadata",
        statusCode: 200,
        selectionMode: chosen ? "release" : rule ? "matched_rule" : "default_version",
        decisionReason: chosen ? `release_${chosen.step}` : rule ? "matched_enabled_rule" : "no_rule_matched",
        resolvedVersion: version,
        declaredDefaultVersion: rollout.defaultVersion,
        matchedRuleId: rule?.id,
        releaseId: chosen?.release,
        evaluatedRuleCount: rollout.rules.length,
        evaluatedRuleIds: rollout.rules.map(({ id }) => id),
        deliveryContext: context,
        traceId,
      },
    });
    response.writeHead(200, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "x-backend-trace-id": traceId,
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, OPTIONS",
      "access-control-allow-headers": "Content-Type, Authorization, X-Host-App, X-Host-Version, X-Request-Id",
      "access-control-expose-headers": "x-backend-trace-id, x-mini-program-id, x-mini-program-version",
      "access-control-max-age": "600",
      "x-mini-program-id": "shop",
      "x-mini-program-version": version,
    });
    response.end(body);
  }).listen(Number(port), "127.0.0.1", () => console.log("ready"));
}
