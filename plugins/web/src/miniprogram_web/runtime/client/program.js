/** A program of a delivery endpoint in a view: load, check, show; errors as screens. The same in a page and in a frame. */

import { errorScreen } from '../view/error_screen.js';
import { browserCache } from './cache.js';
import { Client } from './client.js';
import { Problem } from './problem.js';

/** @typedef {import('./client.js').DeliveryContext} DeliveryContext @typedef {import('./client.js').Manifest} Manifest */

/**
 * @typedef {object} ProgramOptions
 * @property {string} appId
 * @property {import('./http.js').Endpoint} endpoint
 * @property {DeliveryContext} context
 * @property {string} [assetBase]  where assets of the program are; relative `src` values lead there
 * @property {import('./cache.js').Cache | null} [cache]
 * @property {(flag: string) => boolean} [featureFlag]
 * @property {string | null} [trustRoot]  the root that is pinned: an address of the page's origin, or the root itself
 */

/** @type {import('./cache.js').Cache | null} */
let shared = null;

/** @param {unknown} error @returns {{code: string, message: string, details: any}} */
export function asProblem(error) {
  if (error instanceof Problem) return { code: error.code, message: error.message, details: error.details };
  const { code = 'unavailable', message = String(error), details = {} } = /** @type {any} */ (error) ?? {};
  return { code, message, details };
}

/** What a view shows, whichever side of a frame it is on. @typedef {{show: (document: any, more?: {screenId?: string | null}) => void}} Shown */

export class Program {
  #loads = 0;

  /** @param {ProgramOptions} options @param {(name: string, detail: any) => void} told */
  constructor(options, told) {
    this.options = options;
    this.told = told;
    shared ??= browserCache();
    this.client = new Client({ ...options, cache: options.cache === undefined ? shared : options.cache });
  }

  /** Load the program and show its entry screen, or why it cannot be shown. @param {Shown} view @returns {Promise<Manifest | null>} */
  async open(view) {
    this.#loads += 1;
    const load = this.#loads;
    try {
      const manifest = await this.client.load();
      const screen = await this.client.screen(manifest.entry);
      if (load !== this.#loads) return null;
      view.show(screen, { screenId: manifest.entry });
      this.told('load', { id: manifest.id, version: manifest.version, entry: manifest.entry, stale: this.client.stale, title: manifest.title ?? null, deliveryMetadata: manifest.deliveryMetadata ?? null });
      return manifest;
    } catch (error) {
      if (load !== this.#loads) return null;
      this.#fail(view, asProblem(error));
      return null;
    }
  }

  /** @param {Shown} view @param {{code: string, message: string, details: any}} problem */
  #fail(view, problem) {
    const fallback = this.client.manifest?.fallback;
    this.told('error', { ...problem, fallback });
    const message = fallback?.message?.trim() ? fallback.message : problem.message;
    view.show(errorScreen({ ...problem, message, retry: { actionType: 'miniProgramReload' } }), { screenId: null });
  }

  /** @param {string} screenId */
  screen(screenId) {
    return this.client.screen(screenId);
  }

  /** Stac JSON beside the program. @param {string} path */
  async asset(path) {
    if (this.client.trustRoot !== null) return this.client.asset(path);
    const url = this.assetUrl(path);
    if (!url) throw new Problem('screen_not_found', `"${path}" is not an asset of this program.`);
    const answer = await (this.options.endpoint.fetch ?? fetch)(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!answer.ok) throw new Problem('screen_not_found', `"${path}" is not there (status ${answer.status}).`);
    return answer.json();
  }

  /** Below the place of assets, or nowhere. @param {string} path */
  assetUrl(path) {
    const { assetBase } = this.options;
    if (!assetBase || this.client.trustRoot !== null) return ''; // what is signed comes with the screen
    try {
      const base = new URL(assetBase.endsWith('/') ? assetBase : `${assetBase}/`, globalThis.location?.href);
      const url = new URL(path.replace(/^assets\//, ''), base);
      return url.origin === base.origin && url.pathname.startsWith(base.pathname) ? url.href : '';
    } catch {
      return '';
    }
  }
}
