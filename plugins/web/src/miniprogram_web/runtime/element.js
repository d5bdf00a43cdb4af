/**
 * `<mini-program>`: a mini-program of a delivery endpoint, in any page.
 *
 *     <mini-program app-id="shop" api-base-url="https://delivery.example/api/" host-app="site" host-version="1.0.0"></mini-program>
 *
 * Attributes are listed in docs/reference/web-element.md. Properties: `host` (what hostAction calls), `context` (more delivery
 * parameters), `featureFlag`, `theme`, `backendHeaders`. Events begin with `mini-program-`: load, error, start-failed, action, result,
 * request, navigation, warning, close.
 */

import { Program } from './client/program.js';
import { adoptSheet } from './theme/sheet.js';
import { loadFonts, namedScript, ownFiles, setRuntimeFolder } from './view/fonts.js';
import { View } from './view/view.js';

const SDK_VERSION = '1.0.0';
const LOADS = ['app-id', 'api-base-url', 'access-key', 'trust-root', 'host-app', 'host-version', 'sdk-version', 'capabilities', 'platform', 'locale', 'tenant-id', 'user-id', 'device-id', 'pinned-version', 'offline', 'preset', 'network', 'backend-base-url', 'asset-base-url', 'isolation', 'server-domains', 'webview-domains'];
const LOOKS = ['brightness', 'contrast', 'text-scale', 'dir'];
const words = (/** @type {string | null | undefined} */ text) => (text ?? '').split(/[\s,]+/).filter(Boolean);

/**
 * What a page says once for all its mini-programs.
 * @typedef {object} Defaults
 * @property {Record<string, string>} [attributes]  used where an element has no attribute of that name
 * @property {Record<string, Record<string, string>>} [programs]  the same for one mini-program, by app id: its endpoint, for example
 * @property {import('./actions/host.js').Host} [host]  used where an element has no `host` of its own
 * @property {any} [theme]  Stac's theme document, where an element has none
 */

/** @type {Defaults} */
let defaults = {};

/** What elements use that do not say it themselves, from their next load on. @param {Defaults} given */
export function setDefaults(given) {
  defaults = given;
}

/** In Node.js, where the client is tested, there are no elements. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

export class MiniProgramElement extends Base {
  static observedAttributes = [...LOADS, ...LOOKS];

  /** What `hostAction` calls; without it, what the page's defaults have. @type {import('./actions/host.js').Host | null} */
  host = null;

  /** More delivery parameters. @type {Record<string, string>} */
  context = {};

  /** Which feature flags are on. @type {(flag: string) => boolean} */
  featureFlag = () => false;

  /** Stac's theme document; without it, the page's. @type {any} */
  theme = null;

  /** @type {Record<string, string>} */
  backendHeaders = {};

  /** The running view, without isolation. @type {View | null} */
  view = null;

  /** @type {MessagePort | null} */
  #port = null;
  /** @type {Program | null} */
  #program = null;
  #pending = false;
  #root;
  #loads = 0;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    adoptSheet(this.#root);
    const own = new CSSStyleSheet();
    own.replaceSync(':host{display:block;position:relative;width:100%;height:100%;min-height:200px}.mp-host,iframe{position:absolute;inset:0;width:100%;height:100%;border:0}');
    this.#root.adoptedStyleSheets = [...this.#root.adoptedStyleSheets, own];
  }

  connectedCallback() {
    this.reload();
  }

  disconnectedCallback() {
    this.#end();
  }

  /** @param {string} name @param {string | null} old @param {string | null} value */
  attributeChangedCallback(name, old, value) {
    if (old === value || !this.isConnected) return;
    if (LOOKS.includes(name)) this.#configure();
    else this.reload();
  }

  /** Load the program again, soon; many calls load once. */
  reload() {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (this.isConnected) void this.#start();
    });
  }

  /** @param {string} name @param {any} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`mini-program-${name}`, { detail, bubbles: true, composed: true }));
    if (name === 'reload') this.reload();
  }

  #end() {
    this.#loads += 1;
    this.#program?.leave();
    this.#program = null;
    this.view?.stop();
    this.view = null;
    this.#port?.close();
    this.#port = null;
    this.#root.replaceChildren();
  }

  /** Looks, which change while running. */
  #looks() {
    const scale = Number(this.getAttribute('text-scale') ?? 1);
    const brightness = this.getAttribute('brightness');
    return {
      theme: this.theme ?? defaults.theme ?? null, textScale: scale > 0 ? Math.min(scale, 4) : 1, direction: /** @type {'ltr' | 'rtl'} */ (this.getAttribute('dir') === 'rtl' ? 'rtl' : 'ltr'),
      brightness: /** @type {'light' | 'dark'} */ (brightness === 'dark' || brightness === 'light' ? brightness : matchMedia('(prefers-color-scheme: dark)').matches && brightness === 'auto' ? 'dark' : 'light'),
      contrast: this.getAttribute('contrast') === 'high' || (!this.hasAttribute('contrast') && matchMedia('(prefers-contrast: more)').matches),
    };
  }

  #configure() {
    this.view?.configure(this.#looks());
    this.#port?.postMessage({ configure: this.#looks() });
  }

  /**
   * An attribute, else what the page says of this mini-program, else what it says of all. An element with an address of its own
   * gets nothing of the mini-program's endpoint: no key goes to an address that it is not for.
   * @param {string} name @returns {string | undefined}
   */
  #given(name) {
    const known = this.hasAttribute('api-base-url') ? undefined : own(defaults.programs, this.getAttribute('app-id') ?? '');
    return this.getAttribute(name) ?? own(known, name) ?? own(defaults.attributes, name);
  }

  /** The pinned root: what a page says of a mini-program holds wherever an element says that it is served. */
  #trustRoot() {
    return this.#given('trust-root') ?? own(own(defaults.programs, this.getAttribute('app-id') ?? ''), 'trust-root') ?? null;
  }

  /** @param {string} name */
  #call(name) {
    const host = /** @type {any} */ (this.host ?? defaults.host);
    return host?.[name]?.bind(host);
  }

  /** @returns {import('./client/program.js').ProgramOptions} */
  #options() {
    const given = (/** @type {string} */ name) => this.#given(name);
    const apiBaseUrl = given('api-base-url') ?? 'http://127.0.0.1:8080/api/';
    return {
      appId: given('app-id') ?? '', endpoint: { baseUrl: apiBaseUrl, accessKey: given('access-key') }, featureFlag: (flag) => this.featureFlag(flag),
      context: {
        hostApp: given('host-app') ?? location.hostname, sdkVersion: given('sdk-version') ?? SDK_VERSION, hostVersion: given('host-version') ?? '1.0.0', capabilities: words(given('capabilities') ?? 'analytics'),
        more: { platform: given('platform') ?? 'web', locale: given('locale'), tenantId: given('tenant-id'), userId: given('user-id'), deviceId: given('device-id'), pinnedVersion: given('pinned-version'), ...this.context },
      },
      assetBase: given('asset-base-url'), trustRoot: this.#trustRoot(), offline: !['false', undefined].includes(given('offline') ?? given('preset')), preset: given('preset') ?? null, network: given('network') ?? null,
    };
  }

  /** @param {import('./client/program.js').ProgramOptions} options @param {() => Promise<string | null>} authorization */
  async #backend({ appId, context }, authorization) {
    const baseUrl = this.#given('backend-base-url');
    if (!baseUrl) return null;
    const { httpBackend } = await import('./client/backend_http.js');
    return httpBackend({ baseUrl, appId, context, headers: this.backendHeaders, authorization });
  }

  async #start() {
    this.#end();
    const load = this.#loads;
    try {
      const program = new Program(this.#options(), (name, detail) => this.#tell(name, detail));
      this.#program = program;
      if (this.#given('isolation') === 'frame') await this.#startFrame(program, load);
      else await this.#startView(program, load);
    } catch (error) {
      const { code = 'unavailable', message } = /** @type {any} */ (error);
      this.#tell('error', { code, message: String(message), details: {} });
    }
  }

  /** @param {Program} program @param {number} load */
  async #startView(program, load) {
    const backend = await this.#backend(program.options, () => view.auth.authorization());
    if (load !== this.#loads) return;
    const root = this.ownerDocument.createElement('div');
    root.className = 'mp-host';
    this.#root.append(root);
    /** @type {View} */
    const view = new View(root, {
      ...this.#looks(), host: new Proxy({}, { get: (_, name) => this.#call(String(name)) }), onEvent: (name, detail) => { if (!program.heard(name, detail)) this.#tell(name, detail); },
      loadScreen: (id) => program.screen(id), loadAsset: (path) => program.asset(path), assetUrl: (path) => program.assetUrl(path),
      backend,
      auth: { key: `mini-program-session-${program.options.appId}`, storage: storage(), ask: async (mode) => (await import('./client/sign_in.js')).askForEmail(view, mode) },
    });
    view.reload = () => this.reload();
    this.view = view;
    await loadFonts(ownFiles(), view.icons);
    if (load !== this.#loads) return;
    await program.open(view);
    if (view.options.backend && load === this.#loads) void (await view.signing()).restore();
  }

  /** @param {Program} program @param {number} load */
  async #startFrame(program, load) {
    const frame = this.ownerDocument.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.referrerPolicy = 'no-referrer';
    frame.title = this.getAttribute('aria-label') ?? program.options.appId;
    const { answer, frameDocument, policy } = await import('./client/frame.js');
    const nonce = crypto.randomUUID();
    const script = ownScript();
    const bundled = !MODULE.test(script);
    const [source, { fonts, table }] = await Promise.all([bundled ? textOf(script) : null, startingFonts()]);
    const rules = policy({ serverDomains: words(this.#given('server-domains')), webviewDomains: words(this.#given('webview-domains')), nonce, script: bundled ? '' : script });
    if (load !== this.#loads) return;
    frame.srcdoc = frameDocument({ policy: rules, nonce, script, source });
    const backend = await this.#backend(program.options, async () => null);
    if (load !== this.#loads) return;
    const started = new Promise((resolve) => {
      const listener = (/** @type {MessageEvent} */ event) => {
        if (event.source !== frame.contentWindow || event.data?.kind !== 'mini-program-ready') return;
        removeEventListener('message', listener);
        const { port1, port2 } = new MessageChannel();
        this.#port = port1;
        answer(port1, {
          loadScreen: (id) => program.screen(String(id)), loadAsset: (path) => program.asset(String(path)), backend: (request) => backend?.send(request), icons: wholeIcons,
          host: (name, payload) => (HOST_CALLS.has(name) ? this.#call(name)?.(payload) ?? Promise.reject(new Error(`This host does not do "${String(name)}".`)) : Promise.reject(new Error('There is no such host action.'))),
        }, (name, detail) => {
          if (name === 'started') resolve(undefined);
          else if (!program.heard(name, detail)) this.#tell(name, detail);
        });
        const options = { ...this.#looks(), assetBase: program.assetUrl('x') ? program.assetUrl('x').slice(0, -1) : '', hasBackend: Boolean(backend) };
        frame.contentWindow?.postMessage({ kind: 'mini-program', options, fonts, table }, '*', [port2]);
      };
      addEventListener('message', listener);
    });
    this.#root.append(frame);
    await started;
    if (load !== this.#loads) return;
    await program.open({ show: (document, more) => this.#port?.postMessage({ show: { document, more } }) });
  }
}

/** @template T @param {Record<string, T> | undefined} map @param {string} name @returns {T | undefined} */
const own = (map, name) => (map && Object.hasOwn(map, name) ? map[name] : undefined);

const HOST_CALLS = new Set(['openNativeScreen', 'callSecureApi', 'trackEvent']);
/** The address of this file as it is written: then there are others beside it. */
const MODULE = /\/element\.js(\?|$)/;
/** This file; in a bundle, the bundle. */
const ownScript = () => namedScript() || new URL('./element.js', import.meta.url).href;

/** Where a session is kept; nothing where the browser keeps nothing. */
function storage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** @param {string} url */
async function textOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be read.`);
  return response.text();
}

/** @param {string} url */
const bytesOf = async (url) => (await fetch(url)).arrayBuffer();
/** @param {string} url @returns {Promise<Record<string, number>>} */
const tableOf = async (url) => (await fetch(url)).json();

/** What a frame draws with at first, as bytes: a frame without an origin may load none. */
async function startingFonts() {
  const { roboto, usual, usualTable } = ownFiles();
  const [text, icons, table] = await Promise.all([bytesOf(roboto), bytesOf(usual), tableOf(usualTable)]);
  return { fonts: [{ family: 'Roboto', descriptors: { weight: '100 900' }, bytes: text }, { family: 'Material Icons Flutter', descriptors: {}, bytes: icons }], table };
}

/** A whole icon font with its table, when a screen in a frame names an icon that is not a usual one. @param {unknown} kind */
async function wholeIcons(kind) {
  const { material, materialTable, cupertino, cupertinoTable } = ownFiles();
  const [family, font, table] = kind === 'cupertino' ? ['Cupertino Icons Flutter', cupertino, cupertinoTable] : ['Material Icons Flutter', material, materialTable];
  const [bytes, names] = await Promise.all([bytesOf(font), tableOf(table)]);
  return { font: { family, descriptors: {}, bytes }, table: names };
}

/** Make the element known to a page. @param {string} [name] */
export function define(name = 'mini-program') {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, MiniProgramElement);
}

export { setRuntimeFolder };

define();
