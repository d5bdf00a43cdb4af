/** Snapshots of the publisher backend by request id, calls to it, and answers kept for a while. */

/**
 * @typedef {object} BackendRequest
 * @property {string} endpoint  relative
 * @property {string} method  upper case
 * @property {any} body
 * @property {string | null} authorization
 *
 * @typedef {object} BackendAnswer
 * @property {'success' | 'failed'} status
 * @property {number} [statusCode]
 * @property {string} [message]
 * @property {string} [errorCode]
 * @property {any} data
 *
 * @typedef {{send: (request: BackendRequest) => Promise<BackendAnswer>, authorization?: () => Promise<string | null>}} Connector
 *
 * @typedef {Record<string, any> & {requestId: string, status: string, idle: boolean, loading: boolean, failed: boolean, success: boolean, data: any, hasData: boolean}} Snapshot
 */

/** Why an endpoint may not be called; null when it may. @param {string} endpoint */
export function endpointProblem(endpoint) {
  if (!endpoint.trim()) return 'An endpoint is needed.';
  if (/^[a-z][\w+.-]*:/i.test(endpoint) || endpoint.startsWith('//') || endpoint.startsWith('\\')) return 'An endpoint is a path of the program\'s own backend, not an address.';
  const [path] = endpoint.split('?');
  let decoded = path;
  try { decoded = decodeURIComponent(path); } catch { return 'The endpoint is not well written.'; }
  return decoded.split(/[/\\]/).includes('..') ? 'An endpoint does not go upwards.' : null;
}

/** @param {string} status @param {any} more @returns {Snapshot} */
const snapshotOf = (status, more) => ({
  idle: status === 'idle', loading: status === 'loading', success: status === 'success', failed: status === 'failed', error: status === 'failed', fromCache: false, ...more, status,
});

const MOST_CACHED = 200;

export class Backend {
  /** @type {Map<string, Snapshot>} */
  #snapshots = new Map();
  /** @type {Map<string, {until: number, answer: BackendAnswer}>} */
  #cache = new Map();
  /** @type {Map<string, Promise<Snapshot>>} */
  #running = new Map();
  #generation = 0;

  /** @param {() => Connector | null} connector @param {() => void} changed @param {(detail: any) => void} told */
  constructor(connector, changed, told) {
    this.connector = connector;
    this.changed = changed;
    this.told = told;
  }

  /** @param {string} requestId @returns {Snapshot} */
  snapshot(requestId) {
    return this.#snapshots.get(requestId) ?? snapshotOf('idle', { requestId, data: null, hasData: false });
  }

  /** All of them, for `{{backend.<requestId>.…}}`. */
  snapshots() {
    return Object.fromEntries(this.#snapshots);
  }

  /** Put a snapshot there, as an editor of state does. @param {string} requestId @param {any} data */
  override(requestId, data) {
    this.#snapshots.set(requestId, snapshotOf('success', { requestId, data, hasData: true, updatedAtUtc: new Date().toISOString() }));
    this.changed();
  }

  /** @param {string} requestId */
  endpointOf(requestId) {
    return this.#snapshots.get(requestId)?.endpoint;
  }

  /** A call that leaves no snapshot. @param {any} action  miniProgramBackend @returns {Promise<any>} */
  async call(action) {
    const { answer, fromCache } = await this.#ask(action);
    const { requestId, endpoint, method } = action;
    return { ...(requestId === undefined ? {} : { requestId: String(requestId) }), endpoint, method: String(method || 'GET').toUpperCase(), ...answer, fromCache };
  }

  /** A call whose answer becomes the snapshot of its request id. @param {any} action  miniProgramBackendQuery @returns {Promise<Snapshot>} */
  query(action) {
    const requestId = String(action.requestId ?? '').trim();
    if (!requestId) return Promise.reject(new Error('miniProgramBackendQuery needs a requestId.'));
    const key = JSON.stringify([requestId, action.endpoint, action.method, action.body]);
    const running = this.#running.get(key);
    if (running && !action.forceRefresh) return running;
    const started = this.#query(requestId, action).finally(() => { if (this.#running.get(key) === started) this.#running.delete(key); });
    this.#running.set(key, started);
    return started;
  }

  /** @param {string} requestId @param {any} action @returns {Promise<Snapshot>} */
  async #query(requestId, action) {
    const generation = this.#generation;
    const before = this.snapshot(requestId);
    const own = { requestId, endpoint: String(action.endpoint ?? ''), method: String(action.method || 'GET').toUpperCase() };
    const kept = before.endpoint === undefined || before.endpoint === own.endpoint ? { data: before.data, hasData: before.hasData } : { data: null, hasData: false };
    this.#snapshots.set(requestId, snapshotOf('loading', { ...own, ...kept }));
    this.changed();
    const { answer, fromCache } = await this.#ask(action);
    const { status, statusCode, message, errorCode, data } = answer;
    const more = { ...own, statusCode, message, errorCode, fromCache, updatedAtUtc: new Date().toISOString() };
    const made = status === 'success' ? snapshotOf('success', { ...more, data, hasData: true }) : snapshotOf('failed', { ...more, ...kept });
    if (generation !== this.#generation) return made; // of an earlier load of the program
    this.#snapshots.set(requestId, made);
    this.changed();
    return made;
  }

  /** @param {any} action @returns {Promise<{answer: BackendAnswer, fromCache: boolean}>} */
  async #ask({ endpoint, method, body, cacheTtlSeconds, forceRefresh }) {
    const path = String(endpoint ?? '').trim().replace(/^\/+/, '');
    const verb = String(method || 'GET').toUpperCase();
    const failed = (/** @type {string} */ errorCode, /** @type {string} */ message) => ({ answer: { status: /** @type {const} */ ('failed'), errorCode, message, data: {} }, fromCache: false });
    const problem = endpointProblem(String(endpoint ?? ''));
    if (problem) return failed('invalid_backend_endpoint', problem);
    const connector = this.connector();
    if (!connector) return failed('publisher_backend_not_configured', 'This program has no backend here.');
    const authorization = (await connector.authorization?.()) ?? null;
    const ttl = Number(cacheTtlSeconds) > 0 && verb === 'GET' ? Number(cacheTtlSeconds) * 1000 : 0;
    const key = JSON.stringify([path, verb, authorization]);
    const known = this.#cache.get(key);
    if (ttl && known && known.until > Date.now() && !forceRefresh) {
      this.told({ kind: 'backend', endpoint: path, method: verb, status: known.answer.statusCode, fromCache: true });
      return { answer: known.answer, fromCache: true };
    }
    const started = performance.now();
    const answer = await connector.send({ endpoint: path, method: verb, body: verb === 'GET' ? undefined : body ?? {}, authorization });
    this.told({ kind: 'backend', endpoint: path, method: verb, status: answer.statusCode ?? 0, errorCode: answer.errorCode, milliseconds: Math.round(performance.now() - started), fromCache: false });
    if (ttl && answer.status === 'success') {
      if (this.#cache.size >= MOST_CACHED) this.#cache.delete(/** @type {string} */ (this.#cache.keys().next().value));
      this.#cache.set(key, { until: Date.now() + ttl, answer });
    }
    return { answer, fromCache: false };
  }

  /** Forget everything; late answers count for nothing. */
  stop() {
    this.#generation += 1;
    this.#snapshots.clear();
    this.#cache.clear();
    this.#running.clear();
  }
}
