/**
 * The host client for pages that keep whole versions: they start without a connection, update by what changed, and go back by
 * themselves when a version does not start. Loaded by elements with `offline`, and by no other.
 */

import { Client, contextQuery, readManifest, requireSuited } from '../client/client.js';
import { sha256 } from '../client/digest.js';
import { getDocument } from '../client/http.js';
import { Problem } from '../client/problem.js';
import { HeldVersions } from './held_versions.js';
import { networkNow } from './network.js';
import { Opening, withoutPackage } from './opening.js';
import { browserStore } from './store.js';
import { browserTabs } from './tabs.js';

/** @typedef {import('../client/client.js').Manifest} Manifest @typedef {import('./launch.js').Launch} Launch */

/**
 * @typedef {ConstructorParameters<typeof Client>[0] & {
 *   preset?: string | null, network?: string | null, warn?: (code: string, message: string) => void,
 *   store?: import('./store.js').Store, tabs?: import('./tabs.js').Tabs, dictionaries?: () => boolean, now?: () => number,
 * }} KeptOptions  `preset`: address of an uncompressed package that the page was built with; `network`: where the host knows better than the browser
 */

export class KeptClient {
  /** @type {Manifest | null} */
  manifest = null;

  /** @type {Launch | null} */
  launch = null;

  /** Loads screens one by one where no version can be kept. @type {Client | null} */
  #instead = null;

  /** @param {KeptOptions} options */
  constructor(options) {
    this.options = options;
    this.trustRoot = options.trustRoot ?? null;
    this.warn = options.warn ?? (() => {});
    this.base = new Client(options); // holds the id to its form
  }

  /** Whether what is shown is not what delivery decided on now. */
  get stale() {
    return this.#instead ? this.#instead.stale : this.launch?.circumstances.source !== 'delivered';
  }

  /** @returns {Promise<Manifest>} */
  async load() {
    await this.leave();
    this.#instead = null;
    try {
      this.launch = await this.#suited(await (await this.#opening()).launch());
    } catch (error) {
      if (!(error instanceof Problem) || !error.details.noPackage) throw error;
      this.warn('not_kept', error.message);
      this.#instead = this.base;
      this.launch = null;
      this.manifest = await this.base.load();
      return this.manifest;
    }
    this.manifest = { ...readManifest(this.launch.manifest()), deliveryMetadata: this.launch.circumstances.deliveryMetadata };
    return this.manifest;
  }

  /** @param {string} screenId @returns {Promise<any>} */
  async screen(screenId) {
    if (this.#instead) return this.#instead.screen(screenId);
    if (!this.launch) throw new Problem('screen_not_found', 'No mini-program is loaded.');
    return this.launch.screen(screenId);
  }

  /** @param {string} path */
  async asset(path) {
    return this.#instead ? this.#instead.asset(path) : this.launch?.asset(path);
  }

  /** Whether assets come with the version, and not from an address. */
  get bringsAssets() {
    return this.#instead === null || this.trustRoot !== null;
  }

  /** Whoever looked goes away. */
  async leave() {
    await this.launch?.abandoned();
  }

  /** The version that is offered, as it came. @param {Launch} launch */
  async #suited(launch) {
    try {
      if (launch.circumstances.source === 'delivered') requireSuited(readManifest(launch.manifest()), this.options.context, this.options.featureFlag);
      return launch;
    } catch (error) {
      await launch.abandoned();
      throw error;
    }
  }

  async #opening() {
    const { appId, endpoint, preset = null, network, dictionaries, now, fetch } = /** @type {KeptOptions & {fetch?: typeof globalThis.fetch}} */ ({ ...this.options, fetch: this.options.endpoint.fetch });
    if (!globalThis.crypto?.subtle) throw notKept('This page came over plain http: the browser verifies nothing there.');
    const base = new URL(endpoint.baseUrl, globalThis.location?.href).href;
    // what was kept before a root was pinned stands in for nothing
    const program = `${base} ${appId}${this.trustRoot === null ? '' : ` ${await sha256(new TextEncoder().encode(this.trustRoot))}`}`;
    const store = this.options.store ?? await browserStore(program).catch((error) => { throw notKept(`The browser keeps nothing: ${String(error)}`); });
    const tabs = this.options.tabs ?? browserTabs();
    const warn = this.warn;
    const versions = new HeldVersions({ appId, store, preset, fetch, warn });
    return new Opening({ appId, program, endpoint, network: network || networkNow(), store, versions, tabs, ask: (more) => this.#ask(more), warn, dictionaries, now });
  }

  /** @param {Record<string, string | undefined>} more */
  async #ask(more) {
    const { appId, endpoint, context, featureFlag } = this.options;
    const query = contextQuery({ ...context, more: { ...context.more, ...more } });
    const { deliveryMetadata: metadata, ...members } = await getDocument(endpoint, `manifests/${appId}/latest.json?${query}`, 'manifest');
    const manifest = readManifest(members);
    if (manifest.id !== appId) throw new Problem('manifest_parse_failure', `The manifest of ${manifest.id} was sent for ${appId}.`);
    requireSuited(manifest, context, featureFlag);
    if (this.trustRoot === null) return { members, manifest, metadata, signedIndex: null };
    const { openPinned } = await import('../trust/pinned.js');
    const pinned = await openPinned(appId, endpoint, this.trustRoot, manifest.version);
    const signedIndex = await pinned.packageIndex();
    if (!signedIndex) throw withoutPackage(appId, manifest.version);
    return { members, manifest, metadata, signedIndex };
  }
}

/** @param {string} message */
const notKept = (message) => new Problem('not_kept', message, { noPackage: true });
