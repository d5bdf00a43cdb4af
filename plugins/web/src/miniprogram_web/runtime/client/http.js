/** Documents of a delivery endpoint: JSON objects, by GET, with one time limit; errors as problems. */

import { Problem } from './problem.js';

const TIMEOUT_MS = 5000;
/** A larger manifest or screen is not read. */
const MOST_CHARS = 5_000_000;
const HEADER_DETAILS = Object.freeze({ traceId: 'x-backend-trace-id', selectionMode: 'x-mini-program-selection-mode', decisionReason: 'x-mini-program-decision-reason', matchedRuleId: 'x-mini-program-matched-rule-id', resolvedVersion: 'x-mini-program-version' });

/** @typedef {{baseUrl: string, accessKey?: string, headers?: Record<string, string>, timeoutMs?: number, fetch?: typeof fetch, loopbackFallback?: boolean}} Endpoint */

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {value is Record<string, any>} */
const isMap = (value) => Boolean(value) && typeof value === 'object' && !Array.isArray(value);

/** The other name of this machine, for a plain http address of it. @param {string} url */
function otherLoopback(url) {
  const parsedUrl = new URL(url);
  if (parsedUrl.protocol !== 'http:') return null;
  const other = { '127.0.0.1': '10.0.2.2', localhost: '10.0.2.2', '10.0.2.2': '127.0.0.1' }[/** @type {'localhost'} */ (parsedUrl.hostname)];
  if (!other) return null;
  parsedUrl.hostname = other;
  return parsedUrl.href;
}

/**
 * @param {Endpoint} endpoint @param {string} path  relative, with its query @param {string} label  manifest or screen
 * @returns {Promise<Record<string, any>>}
 */
export async function getDocument(endpoint, path, label) {
  const base = endpoint.baseUrl.endsWith('/') ? endpoint.baseUrl : `${endpoint.baseUrl}/`;
  const url = new URL(path, new URL(base, globalThis.location?.href)).href;
  const other = endpoint.loopbackFallback === false ? null : otherLoopback(url);
  let answer;
  try {
    answer = await ask(endpoint, url);
  } catch (error) {
    if (!other) throw unreachable(error, url, label, [url], endpoint);
    answer = await ask(endpoint, other).catch((second) => { throw unreachable(second, url, label, [url, other], endpoint); });
  }
  const { response, text } = answer;
  const body = parsed(text);
  if (response.status !== 200) throw refused(response, body, url, label);
  if (!isMap(body)) throw new Problem('manifest_parse_failure', `The ${label} is not a JSON object.`, { uri: url, resourceLabel: label });
  return body;
}

/** @param {Endpoint} endpoint @param {string} url */
async function ask(endpoint, url) {
  const key = endpoint.accessKey?.trim();
  const response = await (endpoint.fetch ?? globalThis.fetch)(url, {
    headers: { ...endpoint.headers, ...(key ? { 'x-mini-program-access-key': key } : {}) }, signal: AbortSignal.timeout(endpoint.timeoutMs ?? TIMEOUT_MS),
    credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache',
  });
  const text = await response.text();
  if (text.length > MOST_CHARS) throw new Problem('manifest_parse_failure', 'The answer is larger than 5 MB.', { uri: url });
  return { response, text };
}

/** @param {any} error @param {string} url @param {string} label @param {string[]} tried @param {Endpoint} endpoint */
function unreachable(error, url, label, tried, endpoint) {
  if (error instanceof Problem) return error;
  const late = error?.name === 'TimeoutError';
  const host = new URL(url).host;
  return new Problem('backend_unreachable', late ? `${host} did not answer in time.` : `${host} cannot be reached.`, {
    uri: url, resourceLabel: label, transportError: String(error?.message ?? error), ...(late ? { requestTimeoutMs: endpoint.timeoutMs ?? TIMEOUT_MS } : {}), ...(tried.length > 1 ? { attemptedUris: tried } : {}),
  });
}

/** @param {Response} response @param {any} body @param {string} url @param {string} label */
function refused(response, body, url, label) {
  const error = isMap(body?.error) ? body.error : {};
  const own = isMap(body) ? body : {};
  const given = own.details ?? error.details;
  /** @type {Record<string, any>} */
  const details = { uri: url, resourceLabel: label, statusCode: response.status };
  for (const [name, header] of Object.entries({ responseType: '', ...HEADER_DETAILS })) {
    const value = own[name] ?? (header ? response.headers.get(header) : null);
    if (value !== null && value !== undefined) details[name] = value;
  }
  Object.assign(details, isMap(given) ? given : given === undefined ? {} : { backendDetails: given });
  const code = own.errorCode ?? error.code;
  const message = own.message ?? error.message;
  return new Problem(typeof code === 'string' ? code : 'delivery_failed', typeof message === 'string' ? message : `The ${label} was answered with status ${response.status}.`, details);
}
