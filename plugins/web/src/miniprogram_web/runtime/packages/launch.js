/** One launch of a mini-program: its files, and the word whether it started. */

import { Problem } from '../client/problem.js';
import { withAbandoned, withFailed, withStarted } from './launch_state.js';
import { parsed } from './package_index.js';
import { pictureAddress, withTexts } from './pictures.js';

/** @typedef {import('./held_versions.js').WholeVersion} WholeVersion */

/**
 * Why this version. `reason` is a sentence where it is not the one that delivery decided on.
 * @typedef {object} Circumstances
 * @property {'delivered' | 'cached' | 'embedded'} source
 * @property {import('./updating.js').Way} [update]  how it came, where it came now
 * @property {string} [reason]
 * @property {any} [deliveryMetadata]
 */

export class Launch {
  /**
   * @param {WholeVersion} whole @param {Circumstances} circumstances @param {import('./store.js').Store} store
   * @param {(() => void) | null} letGo  of the trial; null where there is none
   * @param {boolean} [isKept]  false for a version that the browser had no room for
   */
  constructor(whole, circumstances, store, letGo, isKept = true) {
    this.held = whole.held;
    this.circumstances = circumstances;
    this.files = new Map(whole.held.files.map((file) => [file.path, /** @type {import('./bytes.js').Bytes} */ (whole.bodies.get(file.sha256))]));
    this.store = store;
    this.letGo = letGo;
    this.isKept = isKept;
    this.isSettled = false;
  }

  /** @returns {Record<string, any>} */
  manifest() {
    return this.#document('manifest.json');
  }

  /** A screen with its own pictures in it. @param {string} screenId @returns {Promise<Record<string, any>>} */
  async screen(screenId) {
    const path = `screens/${screenId}.json`;
    if (!this.files.has(path)) throw new Problem('screen_not_found', `There is no screen "${screenId}" in version ${this.held.version}.`);
    return withTexts(this.#document(path), async (text) => (text.startsWith('assets/') ? pictureAddress(text, () => this.files.get(text) ?? null) : text));
  }

  /** Stac JSON among the assets. @param {string} path @returns {Record<string, any>} */
  asset(path) {
    const name = `assets/${path.replace(/^assets\//, '')}`;
    if (!this.files.has(name)) throw new Problem('screen_not_found', `"${path}" is not an asset of this program.`);
    return this.#document(name);
  }

  /** The first screen is shown: this version is what comes back when a later one does not start. */
  async started() {
    if (this.isSettled) return;
    // what is gone with the page is nothing to come back to
    await this.#settle(this.isKept ? withStarted : withAbandoned);
    await tidy(this.store);
  }

  /** It does not work, and is never handed out again on this host. */
  async failed() {
    await this.#settle(withFailed);
  }

  /** Whoever looked went away before anything was shown. */
  async abandoned() {
    if (!this.isSettled) await this.#settle(withAbandoned);
  }

  /** @param {(state: import('./launch_state.js').LaunchState, held: import('./launch_state.js').HeldVersion) => import('./launch_state.js').LaunchState} change */
  async #settle(change) {
    this.isSettled = true;
    try {
      await this.store.change((state) => change(state, this.held));
    } finally {
      this.letGo?.();
    }
  }

  /** @param {string} path @returns {Record<string, any>} */
  #document(path) {
    const found = parsed(/** @type {import('./bytes.js').Bytes} */ (this.files.get(path)), path);
    if (!found || typeof found !== 'object' || Array.isArray(found)) throw new Problem('manifest_parse_failure', `${path} is not a JSON object.`);
    return found;
  }
}

/** Forget files of versions that no launch needs any more. @param {import('./store.js').Store} store */
export async function tidy(store) {
  const { current, good, trying } = await store.state();
  await store.keepOnly(new Set([current, good, trying].flatMap((held) => held?.files.map((file) => file.sha256) ?? [])));
}
