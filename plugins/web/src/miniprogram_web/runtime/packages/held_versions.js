/** The versions of a mini-program that this host has: kept by the browser, and one embedded in the page. */

import { Problem } from '../client/problem.js';
import { openArchive } from './archive.js';
import { bounded, isWhat } from './bytes.js';
import { MOST_ARCHIVE_BYTES } from './package_index.js';

/** @typedef {import('./bytes.js').Bytes} Bytes @typedef {import('./launch_state.js').HeldVersion} HeldVersion @typedef {import('./package_index.js').IndexedFile} IndexedFile */
/** @typedef {{held: HeldVersion, bodies: Map<string, Bytes>}} WholeVersion */

export class HeldVersions {
  /** @type {Promise<WholeVersion | null> | null} */
  #embedded = null;

  /**
   * @param {object} options
   * @param {string} options.appId
   * @param {import('./store.js').Store} options.store
   * @param {string | null} options.preset  address of an uncompressed package that the page was built with
   * @param {typeof fetch} [options.fetch]
   * @param {(code: string, message: string) => void} options.warn
   */
  constructor({ appId, store, preset, fetch: send, warn }) {
    this.appId = appId;
    this.store = store;
    this.preset = preset;
    this.send = send;
    this.warn = warn;
  }

  /** The version with all its files, each verified again; null when it is not here any more. @param {HeldVersion | null} held @returns {Promise<WholeVersion | null>} */
  async whole(held) {
    if (!held) return null;
    const bodies = await this.kept(held.files);
    if (held.files.every((file) => bodies.has(file.sha256))) return { held, bodies };
    const embedded = await this.embedded();
    return embedded?.held.digest === held.digest ? embedded : null;
  }

  /** Which of these files the browser keeps. One that was damaged there counts as missing. @param {IndexedFile[]} files @returns {Promise<Map<string, Bytes>>} */
  async kept(files) {
    const found = await this.store.bodies([...new Set(files.map((file) => file.sha256))]);
    const good = await Promise.all(files.map(async (file) => {
      const body = found.get(file.sha256);
      return body && await isWhat(body, file) ? body : null;
    }));
    return new Map(files.flatMap((file, at) => (good[at] ? [[file.sha256, /** @type {Bytes} */ (good[at])]] : [])));
  }

  /** What the page was built with; null where there is nothing, or something damaged: the page still runs. */
  embedded() {
    this.#embedded ??= this.#readPreset();
    return this.#embedded;
  }

  /** @param {string[]} failed  digests that are passed over */
  async usableEmbedded(failed) {
    const found = await this.embedded();
    return found && !failed.includes(found.held.digest) ? found : null;
  }

  /** @returns {Promise<WholeVersion | null>} */
  async #readPreset() {
    if (!this.preset) return null;
    try {
      const url = new URL(this.preset, globalThis.document?.baseURI);
      if (globalThis.location && url.origin !== location.origin) throw new Problem('preset_unreadable', 'An embedded package has to lie at the address of the page itself, since it is trusted as the page is.');
      const archive = await bounded(url.href, MOST_ARCHIVE_BYTES, 'The embedded package', { fetch: this.send });
      const { version, digest, files, bodies } = await openArchive(archive, this.appId);
      return { held: { version, digest, archive: null, files }, bodies };
    } catch (error) {
      this.warn('preset_unreadable', error instanceof Error ? error.message : String(error));
      return null;
    }
  }
}
