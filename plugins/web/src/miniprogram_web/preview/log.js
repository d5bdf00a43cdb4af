/** What happened, newest last: actions, results, requests, navigation, builds. */

/** @typedef {{at: number, kind: string, title: string, level: 'info' | 'warning' | 'error', detail: any, request?: {method: string, target: string}}} Entry */

const MOST = 500;

export class Log {
  /** @type {Entry[]} */
  entries = [];
  /** @type {(() => void)[]} */
  #listeners = [];

  /** @param {string} kind @param {string} title @param {any} [detail] @param {Partial<Entry>} [more] */
  add(kind, title, detail = null, more = {}) {
    this.entries = [...this.entries.slice(1 - MOST), { at: Date.now(), kind, title, level: 'info', detail, ...more }];
    this.#tell();
  }

  clear() {
    this.entries = [];
    this.#tell();
  }

  /** @param {() => void} listener */
  listen(listener) {
    this.#listeners.push(listener);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/** An event of the view as a line. @param {Log} log @param {string} name @param {any} detail */
export function logEvent(log, name, detail) {
  if (name === 'action') log.add('action', `${detail.actionType}${detail.action?.action ? ` ${detail.action.action}` : ''}`, detail);
  else if (name === 'result') log.add('result', `${detail.actionType} → ${detail.result?.status ?? 'done'}`, detail, { level: detail.result?.status === 'failed' ? 'warning' : 'info' });
  else if (name === 'request') {
    const method = String(detail.method ?? 'GET').toUpperCase();
    const target = String(detail.endpoint ?? detail.url ?? '');
    const failed = !(detail.status >= 200 && detail.status < 400);
    log.add('network', `${method} ${target} ${detail.fromCache ? '(cached)' : detail.status || 'failed'}${detail.milliseconds === undefined ? '' : ` · ${detail.milliseconds} ms`}`, detail, { level: failed && !detail.fromCache ? 'warning' : 'info', request: { method, target } });
  } else if (name === 'navigation') log.add('screens', detail.screenIds.map((/** @type {string | null} */ id) => id ?? '(inline)').join(' › '), detail);
}
