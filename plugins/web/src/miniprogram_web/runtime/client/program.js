/** A program of a delivery endpoint in a view: load, check, show; errors as screens. The same in a page and in a frame. */

import { errorScreen } from '../view/error_screen.js';
import { browserCache } from './cache.js';
import { Client } from './client.js';
import { Problem } from './problem.js';

/** @typedef {import('./client.js').DeliveryContext} DeliveryContext @typedef {import('./client.js').Manifest} Manifest */
/** @typedef {import('../packages/kept_client.js').KeptClient} KeptClient @typedef {import('../packages/launch.js').Launch} Launch */

/**
 * @typedef {object} ProgramOptions
 * @property {string} appId
 * @property {import('./http.js').Endpoint} endpoint
 * @property {DeliveryContext} context
 * @property {string} [assetBase]  where assets of the program are; relative `src` values lead there
 * @property {import('./cache.js').Cache | null} [cache]
 * @property {(flag: string) => boolean} [featureFlag]
 * @property {string | null} [trustRoot]  the root that is pinned: an address of the page's origin, or the root itself
 * @property {boolean} [offline]  keep whole versions
 * @property {string | null} [preset]  with `offline`: address of a package that the page was built with
 * @property {string | null} [network]  with `offline`: what the host is connected by, where it knows better than the browser
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

  /** What is shown for the first time, until it is drawn or fails. @type {{view: Shown, launch: Launch, entry: string} | null} */
  #trial = null;

  /** @param {ProgramOptions} options @param {(name: string, detail: any) => void} told */
  constructor(options, told) {
    this.options = options;
    this.told = told;
    shared ??= browserCache();
    /** @type {Client | KeptClient} */
    this.client = new Client(this.#clientOptions());
  }

  #clientOptions() {
    return { ...this.options, cache: this.options.cache === undefined ? shared : this.options.cache };
  }

  /** What keeps whole versions, loaded where it is asked for. @returns {Promise<Client | KeptClient>} */
  async #opened() {
    if (this.options.offline && this.client instanceof Client) {
      const { KeptClient } = await import('../packages/kept_client.js');
      this.client = new KeptClient({ ...this.#clientOptions(), warn: (code, message) => this.told('warning', { code, path: '$', message, screenId: null }) });
    }
    return this.client;
  }

  /** Load the program and show its entry screen, or why it cannot be shown. @param {Shown} view @returns {Promise<Manifest | null>} */
  async open(view) {
    this.#loads += 1;
    const load = this.#loads;
    this.#trial = null;
    let launch = null;
    try {
      const client = await this.#opened();
      const manifest = await client.load();
      launch = 'launch' in client ? client.launch : null;
      const screen = await client.screen(manifest.entry);
      if (load !== this.#loads) {
        await launch?.abandoned();
        return null;
      }
      if (launch) this.#trial = { view, launch, entry: manifest.entry };
      view.show(screen, { screenId: manifest.entry });
      this.told('load', { id: manifest.id, version: manifest.version, entry: manifest.entry, stale: client.stale, title: manifest.title ?? null, deliveryMetadata: manifest.deliveryMetadata ?? null, ...came(launch) });
      return manifest;
    } catch (error) {
      if (load !== this.#loads) return null;
      if (launch) return this.#comeBack(view, launch, asProblem(error).message);
      this.#fail(view, asProblem(error));
      return null;
    }
  }

  /**
   * What a view told. True where it was about the first screen of a version, and no business of the page.
   * @param {string} name @param {any} detail
   */
  heard(name, detail) {
    const trial = this.#trial;
    if (name === 'drawn' && trial && detail?.screenId === trial.entry) {
      this.#trial = null;
      void painted().then(() => trial.launch.started()).catch((error) => this.told('warning', { code: 'not_kept', path: '$', message: `The browser does not remember that this version works: ${String(error)}`, screenId: null }));
    }
    if (name === 'failed' && trial) {
      this.#trial = null;
      void this.#comeBack(trial.view, trial.launch, String(detail?.message));
    } else if (name === 'failed') this.told('error', { code: 'screen_failed', message: String(detail?.message), details: {}, fallback: null });
    return name === 'drawn' || name === 'failed';
  }

  /** A version did not start: it is never tried again here, and the last one that did is shown. @param {Shown} view @param {Launch} launch @param {string} reason */
  async #comeBack(view, launch, reason) {
    const { version, digest } = launch.held;
    const load = this.#loads;
    await launch.failed().catch(() => {}); // without room for the word it is at least not shown again now
    this.told('start-failed', { id: this.options.appId, version, digest, reason });
    if (load !== this.#loads) return null;
    if (launch.isKept) return this.open(view);
    this.#fail(view, { code: 'nothing_to_launch', message: `${version} did not start.`, details: { reason } });
    return null;
  }

  /** Whoever looked goes away; nothing is known of a version that was not drawn yet. */
  leave() {
    this.#loads += 1;
    this.#trial = null;
    if ('leave' in this.client) void this.client.leave().catch(() => {});
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

  /** Whether assets come as bytes with the version, and not from an address. */
  get #bringsAssets() {
    return this.client.trustRoot !== null || ('bringsAssets' in this.client && this.client.bringsAssets);
  }

  /** Stac JSON beside the program. @param {string} path */
  async asset(path) {
    if (this.#bringsAssets) return this.client.asset(path);
    const url = this.assetUrl(path);
    if (!url) throw new Problem('screen_not_found', `"${path}" is not an asset of this program.`);
    const answer = await (this.options.endpoint.fetch ?? fetch)(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!answer.ok) throw new Problem('screen_not_found', `"${path}" is not there (status ${answer.status}).`);
    return answer.json();
  }

  /** Below the place of assets, or nowhere. @param {string} path */
  assetUrl(path) {
    const { assetBase } = this.options;
    if (!assetBase || this.#bringsAssets) return ''; // what is verified comes with the screen
    try {
      const base = new URL(assetBase.endsWith('/') ? assetBase : `${assetBase}/`, globalThis.location?.href);
      const url = new URL(path.replace(/^assets\//, ''), base);
      return url.origin === base.origin && url.pathname.startsWith(base.pathname) ? url.href : '';
    } catch {
      return '';
    }
  }
}

/** How a version came to be shown, where whole ones are kept. @param {Launch | null} launch */
function came(launch) {
  if (!launch) return {};
  const { source, update = null, reason = null } = launch.circumstances;
  return { digest: launch.held.digest, source, update, reason };
}

/** Until the browser has painted what was drawn; at once where nobody looks. */
function painted() {
  return new Promise((resolve) => {
    if (globalThis.document?.visibilityState !== 'visible') return void resolve(undefined);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)));
    return void document.addEventListener('visibilitychange', () => resolve(undefined), { once: true });
  });
}
