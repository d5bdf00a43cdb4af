/** The running mini-program: the runtime's view with the preview's server behind it. */

import { asProblem, Program } from '../runtime/client/program.js';
import { httpBackend } from '../runtime/client/backend_http.js';
import { adoptSheet } from '../runtime/theme/sheet.js';
import { besides, loadFonts } from '../runtime/view/fonts.js';
import { errorScreen } from '../runtime/view/error_screen.js';
import { View } from '../runtime/view/view.js';
import { logEvent } from './log.js';
import { secureAnswer } from './secure_api.js';
import { directionOf } from './settings.js';
import { memoryStorage, signIn } from './signed_in.js';

export const SDK_VERSION = '1.0.0';
const RUNTIME = new URL('../runtime/', import.meta.url).href;

/** @typedef {import('./settings.js').Values} Values @typedef {import('./server.js').ProgramFacts} ProgramFacts @typedef {import('../runtime/layout/types.js').Edges} Edges */

/** An element that a view can be in: what the page looks like is no business of the mini-program. @param {HTMLElement} host @returns {HTMLElement} */
export function viewRoot(host) {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  shadow.replaceChildren();
  if (!shadow.adoptedStyleSheets.length) adoptSheet(shadow);
  const root = document.createElement('div');
  root.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
  shadow.append(root);
  return root;
}

export class Runner {
  /** @type {View | null} */
  view = null;
  /** @type {Program | null} */
  program = null;
  storage = memoryStorage();
  /** Counts changes of assets: browsers keep pictures by their addresses. */
  assetVersion = 0;
  /** The theme document in force. @type {any} */
  theme = null;
  /** The scenario in force. @type {any} */
  scenario = null;
  #starts = 0;

  /**
   * @param {HTMLElement} host  gets the view
   * @param {{server: import('./server.js').Server, settings: import('./settings.js').Settings, log: import('./log.js').Log, problems: import('./problems.js').Problems, mocks: import('./mocks.js').Mocks, drawn: (detail: any) => void}} parts
   */
  constructor(host, parts) {
    this.host = host;
    this.parts = parts;
  }

  /** The context of delivery and of backend calls. @returns {import('../runtime/client/client.js').DeliveryContext} */
  #context() {
    const { locale, capabilities } = this.parts.settings.values;
    return { hostApp: 'preview', sdkVersion: SDK_VERSION, hostVersion: '1.0.0', capabilities: [...capabilities], more: { platform: 'web', locale, ...this.scenario?.context } };
  }

  /** Somebody is signed in from the next start on, or nobody is. @param {boolean} on */
  signIn(on) {
    signIn(this.storage, on);
  }

  /** What the settings say to the view. @param {Edges} safeArea */
  looks(safeArea) {
    const { values } = this.parts.settings;
    return { brightness: values.brightness, contrast: values.contrast, textScale: values.textScale, direction: directionOf(values), theme: this.theme, safeArea };
  }

  /** @param {ProgramFacts} facts @param {Edges} safeArea */
  async start(facts, safeArea) {
    this.#starts += 1;
    const start = this.#starts;
    const { server, log, problems, settings, mocks } = this.parts;
    this.view?.stop();
    problems.clear();
    const context = this.#context();
    const { capabilities } = settings.values;
    const program = new Program({
      appId: facts.miniProgramId, endpoint: { baseUrl: `${server.base}api/`, loopbackFallback: false }, context, assetBase: `${server.base}assets/`, cache: null, featureFlag: () => true,
    }, (name, detail) => { if (name === 'error') log.add('error', `${detail.code}: ${detail.message}`, detail, { level: 'error' }); });
    /** @type {import('../runtime/bindings/backend.js').Connector} */
    const backend = httpBackend({ baseUrl: `${server.base}backend/`, appId: facts.miniProgramId, context, fetch: mocks.fetch, authorization: () => view.auth.authorization() });
    /** @type {View} */
    const view = new View(viewRoot(this.host), {
      ...this.looks(safeArea), paths: true, host: this.#hostActions(capabilities), onEvent: (name, detail) => this.#heard(name, detail), fetch: mocks.fetch, backend,
      // What the preview's server does is for its page, not for what is shown in it.
      mayFetch: (url) => new URL(url).origin !== location.origin, mayFrame: (url) => new URL(url).origin !== location.origin,
      loadScreen: (id) => program.screen(id), loadAsset: (path) => program.asset(path), assetUrl: (path) => { const url = program.assetUrl(path); return url && `${url}?v=${this.assetVersion}`; },
      auth: capabilities.includes('auth') ? { key: 'preview', storage: this.storage, ask: async (mode) => (await import('../runtime/client/sign_in.js')).askForEmail(view, mode) } : null,
    });
    view.reload = () => void this.start(facts, safeArea);
    this.view = view;
    this.program = program;
    for (const [name, value] of Object.entries(this.scenario?.arguments ?? {})) view.registry.set(name, value);
    await loadFonts(besides(RUNTIME), view.icons);
    if (start !== this.#starts) return;
    const manifest = await program.open(view);
    if (start !== this.#starts || !manifest) return;
    const first = this.scenario?.screen || settings.values.screen;
    if (first && first !== manifest.entry) await this.open(first);
    if (capabilities.includes('auth') && this.storage.length) void (await view.signing()).restore();
  }

  /** Show a screen in the place of everything. @param {string} screenId */
  async open(screenId) {
    const { view, program } = this;
    if (!view || !program) return;
    try {
      view.show(await program.screen(screenId), { screenId });
    } catch (error) {
      view.show(errorScreen(asProblem(error)), { screenId });
    }
  }

  /** A screen is another one: what is shown of it changes, all else stays. @param {string} screenId @param {string | null} digest @returns {Promise<boolean>} whether it is shown */
  async patch(screenId, digest) {
    const { view, program, parts } = this;
    if (!view || !program) return false;
    if (view.pages.every((page) => page.screenId === null && page.kind === 'screen')) return false;
    const pages = view.pages.filter((page) => page.kind === 'screen' && page.screenId === screenId);
    if (!pages.length) return false;
    if (digest === null) return true; // what is gone from the sources stays where somebody is
    const document = await program.screen(screenId);
    if (view !== this.view) return true;
    parts.problems.clear(screenId);
    view.show(document, { screenId, keepState: true });
    return true;
  }

  /** Put the values of bindings into the screens again, which happens when they are shown. */
  async bindAgain() {
    for (const id of new Set(this.view?.screenIds() ?? [])) if (id) await this.patch(id, '');
  }

  /** @param {Edges} safeArea */
  configure(safeArea) {
    this.view?.configure(this.looks(safeArea));
  }

  /** @param {string} name @param {any} detail */
  #heard(name, detail) {
    if (name === 'drawn') return void this.parts.drawn(detail);
    if (name === 'warning') return void this.parts.problems.add(detail);
    if (name === 'close') return void this.parts.log.add('screens', 'The mini-program asks to be closed.', detail);
    return logEvent(this.parts.log, name, detail);
  }

  /** @param {readonly string[]} capabilities @returns {import('../runtime/actions/host.js').Host} */
  #hostActions(capabilities) {
    const { log, mocks } = this.parts;
    return {
      ...(capabilities.includes('secure_api') ? { callSecureApi: (/** @type {any} */ payload) => secureAnswer(mocks, payload) } : {}),
      ...(capabilities.includes('analytics') ? { trackEvent: (/** @type {any} */ payload) => { log.add('analytics', payload.name, payload.properties); return payload.properties; } } : {}),
      ...(capabilities.includes('native_navigation') ? { openNativeScreen: (/** @type {any} */ payload) => this.#nativeScreen(payload) } : {}),
    };
  }

  /** The host's own screen, of which only its route and arguments are known. @param {{route: string, args: any, expectResult: boolean}} payload */
  async #nativeScreen({ route, args, expectResult }) {
    const text = (/** @type {string} */ data, /** @type {any} */ style) => ({ type: 'text', data, style });
    const close = (/** @type {any} */ result) => ({ actionType: 'navigate', navigationStyle: 'pop', result });
    const closed = this.view?.push({
      type: 'scaffold', appBar: { type: 'appBar', title: text('The host\'s screen', 'titleLarge') },
      body: {
        type: 'padding', padding: 24, child: {
          type: 'column', crossAxisAlignment: 'start', spacing: 16, children: [
            text(route, 'headlineSmall'), text(JSON.stringify(args, null, 2), 'bodyMedium'),
            ...(expectResult ? [{ type: 'filledButton', child: text('Answer with success', 'labelLarge'), onPressed: close({ status: 'success', data: { route } }) }] : []),
          ],
        },
      },
    }, { screenId: null });
    if (!expectResult) return { route, args };
    return (await closed) ?? { status: 'cancelled' };
  }
}
