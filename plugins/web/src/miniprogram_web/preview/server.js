/** What the page asks of the preview's server: docs/reference/preview-channel.md. */

/**
 * @typedef {object} ProgramFacts
 * @property {string} miniProgramId
 * @property {string} title
 * @property {string} root
 * @property {any} manifest
 * @property {{id: string, digest: string}[]} screens
 * @property {string[]} themes
 * @property {{running: boolean, note: string | null}} backend
 * @property {any[]} [scenarios]
 * @property {{url: string, qr: string}} [lan]  the address for other devices, with a picture of its QR code
 *
 * @typedef {{file: string, line: number | null, column: number | null, frame: string | null}} Place
 *
 * @typedef {object} Mistake
 * @property {string} code
 * @property {string} message
 * @property {string | null} [file]
 * @property {number | null} [line]
 * @property {number | null} [column]
 * @property {string | null} [frame]
 * @property {string | null} [jsonPath]
 * @property {string | null} [hint]
 * @property {Mistake[]} [more]
 */

export class Server {
  /** @param {string} base  the address of the page's folder, with a slash at its end */
  constructor(base) {
    this.base = base;
  }

  /** @param {string} path @returns {Promise<any>} */
  async #get(path) {
    const answer = await fetch(this.base + path, { cache: 'no-store' });
    if (!answer.ok) throw new Error(`The preview answered ${path} with status ${answer.status}.`);
    return answer.json();
  }

  /** @param {string} path @param {any} body @returns {Promise<any>} */
  async #post(path, body) {
    const answer = await fetch(this.base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.message ?? `The preview answered with status ${answer.status}.`);
    return told;
  }

  /** @returns {Promise<ProgramFacts>} */
  program() {
    return this.#get('dev/program.json');
  }

  /** @param {string} name */
  theme(name) {
    return this.#get(`dev/themes/${encodeURIComponent(name)}.json`);
  }

  /** Where an author wrote a part of a screen. @param {string} screen @param {string} path @returns {Promise<Place | null>} */
  place(screen, path) {
    return this.#get(`dev/source.json?${new URLSearchParams({ screen, path })}`).catch(() => null);
  }

  /** Tell the terminal. The answer has the place, where it is known. @param {{level: 'error' | 'warning', message: string, code?: string, screenId?: string | null, path?: string}} report @returns {Promise<Partial<Place>>} */
  report({ screenId, ...report }) {
    return this.#post('dev/log', { ...report, ...(screenId ? { screenId } : {}) }).catch(() => ({}));
  }

  /** @param {{file: string, line?: number | null, column?: number | null}} place */
  open({ file, line, column }) {
    return this.#post('dev/open', { file, ...(line ? { line } : {}), ...(column ? { column } : {}) });
  }
}
