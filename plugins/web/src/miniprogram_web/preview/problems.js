/** What the runtime finds wrong with screens: overflows, missing bounds, unknown widgets, failed actions. */

/**
 * @typedef {object} Problem
 * @property {string} code
 * @property {string} message
 * @property {string} path
 * @property {string | null} screenId
 * @property {import('./server.js').Place | null} place
 */

export class Problems {
  /** @type {Problem[]} */
  list = [];
  /** @type {(() => void)[]} */
  #listeners = [];

  /** @param {import('./server.js').Server} server */
  constructor(server) {
    this.server = server;
  }

  /** @param {any} warning  of the view */
  async add({ code, message, path, screenId = null }) {
    const found = { code: String(code), message: String(message), path: String(path), screenId, place: /** @type {import('./server.js').Place | null} */ (null) };
    this.list = [...this.list.filter((each) => each.code !== code || each.path !== path || each.screenId !== screenId), found];
    this.#tell();
    const place = await this.server.report({ level: 'warning', code: found.code, message: found.message, screenId, path: found.path });
    if (place.file === undefined) return;
    found.place = /** @type {import('./server.js').Place} */ (place);
    this.#tell();
  }

  /** A screen is another one now, or all are. @param {string | null} [screenId] */
  clear(screenId) {
    this.list = screenId === undefined ? [] : this.list.filter((each) => each.screenId !== screenId);
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
