/** Bytes of a delivery: loaded within a bound, and known by their sha256. */

import { sha256 } from '../client/digest.js';
import { Problem } from '../client/problem.js';

/** @typedef {import('../client/http.js').Endpoint} Endpoint @typedef {Uint8Array<ArrayBuffer>} Bytes */

const TIMEOUT_MS = 5000;
const NOT_THERE = [403, 404, 406, 410];

/** Something came that is not what was promised. Another way to the version may lead there. @param {string} message @param {Record<string, any>} [details] */
export const broken = (message, details) => new Problem('manifest_parse_failure', message, details);

/** Whether bytes are those that were promised: their number first, then their digest. @param {Bytes} bytes @param {{size: number, sha256: string}} wanted */
export async function isWhat(bytes, wanted) {
  return bytes.length === wanted.size && await sha256(bytes) === wanted.sha256;
}

/** The address of a path below the endpoint. @param {Endpoint} endpoint @param {string} path */
function addressOf(endpoint, path) {
  const base = endpoint.baseUrl.endsWith('/') ? endpoint.baseUrl : `${endpoint.baseUrl}/`;
  return new URL(path, new URL(base, globalThis.location?.href)).href;
}

/**
 * The body at `path`, of at most `most` bytes. The time limit is for the connection and for each pause between bytes.
 * `wanted` looks at the response before the body is read, and may throw.
 * @param {Endpoint} endpoint @param {string} path @param {number} most @param {{fresh?: boolean, wanted?: (response: Response) => void}} [more]
 * @returns {Promise<Bytes>}
 */
export async function loadBytes(endpoint, path, most, { fresh = false, wanted = () => {} } = {}) {
  const key = endpoint.accessKey?.trim();
  return bounded(addressOf(endpoint, path), most, path, {
    timeoutMs: endpoint.timeoutMs, fetch: endpoint.fetch, wanted, cache: fresh ? 'no-cache' : 'default', headers: { ...endpoint.headers, ...(key ? { 'x-mini-program-access-key': key } : {}) },
  });
}

/**
 * @param {string} url @param {number} most @param {string} name  what it is called where something is wrong with it
 * @param {{timeoutMs?: number, fetch?: typeof fetch, wanted?: (response: Response) => void, headers?: Record<string, string>, cache?: RequestCache}} [how]
 * @returns {Promise<Bytes>}
 */
export async function bounded(url, most, name, { timeoutMs = TIMEOUT_MS, fetch: send = globalThis.fetch, wanted = () => {}, headers = {}, cache = 'default' } = {}) {
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort('late'), timeoutMs);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort('late'), timeoutMs);
  };
  try {
    const response = await send(url, { headers, cache, signal: stop.signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (response.status !== 200) throw statusProblem(response.status, name);
    wanted(response);
    const chunks = [];
    let size = 0;
    for (const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader(); ;) {
      alive();
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) throw broken(`${name} is larger than the ${most} bytes it may have.`);
      chunks.push(value);
    }
    return joined(chunks, size);
  } catch (error) {
    stop.abort();
    if (error instanceof Problem) throw error;
    throw new Problem('backend_unreachable', stop.signal.reason === 'late' ? `${new URL(url).host} did not answer in time.` : `${new URL(url).host} cannot be reached.`, { uri: url, transportError: String(error) });
  } finally {
    clearTimeout(timer);
  }
}

/** @param {number} status @param {string} name */
function statusProblem(status, name) {
  if (NOT_THERE.includes(status)) return broken(`${name} is not there (status ${status}).`, { statusCode: status, notThere: true });
  return new Problem(status >= 500 ? 'backend_unreachable' : 'delivery_failed', `${name} was answered with status ${status}.`, { statusCode: status });
}

/** @param {Uint8Array[]} chunks @param {number} size @returns {Bytes} */
function joined(chunks, size) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
