/**
 * A running mini-program in an element: a stack of pages, drawn from Stac JSON. It loads nothing by itself: whoever makes it says
 * where screens, pictures and answers come from. `createView` is the way in.
 */

import { layout } from '../layout/engine.js';
import { substitute } from '../bindings/bindings.js';
import { runAction } from '../actions/run.js';
import { Backend } from '../bindings/backend.js';
import { browserMeasurer } from '../paint/browser_text.js';
import { listen } from '../paint/gestures.js';
import { dress, elementOf, finish } from '../paint/look.js';
import { repaint } from '../paint/paint.js';
import { applyTheme, makeTheme } from '../theme/theme.js';
import { Builder } from '../widgets/builder.js';
import { outermost } from '../widgets/scope.js';
import { widgetPath } from '../widgets/widget_path.js';
import '../widgets/all.js';
import { Icons } from './icons.js';
import { dialogNode, sheetNode, snackBarNode } from './overlays.js';
import { Page } from './page.js';
import { pictureUrl, Pictures, webUrl } from './pictures.js';
import { ENGLISH } from './words.js';

/** @typedef {import('../layout/types.js').Edges} Edges */

/**
 * @typedef {object} Warning  something about the program that its author should know
 * @property {string} code
 * @property {string} path  JSON path
 * @property {string} message
 * @property {number} [pixels]
 * @property {string | null} [screenId]
 *
 * @typedef {object} ViewOptions
 * @property {any} [theme]  Stac's theme document
 * @property {'light' | 'dark'} [brightness]
 * @property {boolean} [contrast]
 * @property {number} [textScale]
 * @property {'ltr' | 'rtl'} [direction]
 * @property {Edges} [safeArea]
 * @property {boolean} [paths]  write JSON paths into the elements
 * @property {(screenId: string) => Promise<any>} [loadScreen]  rejects with {code, message}
 * @property {(path: string) => Promise<any>} [loadAsset]  Stac JSON of an asset
 * @property {(path: string) => string} [assetUrl]  address of an asset of the program; empty for none
 * @property {typeof fetch} [fetch]  for networkRequest
 * @property {(url: string) => boolean} [mayFetch]  which addresses networkRequest may ask
 * @property {(url: string) => boolean} [mayFrame]  which addresses webView may show
 * @property {import('../actions/host.js').Host} [host]
 * @property {import('../bindings/backend.js').Connector | null} [backend]
 * @property {import('../bindings/auth.js').AuthOptions | null} [auth]
 * @property {(name: string, detail: any) => void} [onEvent]  action, result, request, warning, navigation, close; drawn, or failed where drawing threw
 * @property {Partial<import('./words.js').Words>} [words]
 */

/** @type {Edges} */
const NO_EDGES = Object.freeze({ left: 0, top: 0, right: 0, bottom: 0 });
const SNACK_MS = 4000;

/** Before anybody signs in. */
const NOBODY = Object.freeze({ binding: () => ({ status: 'unknown', authenticated: false, loading: false, signedOut: false, error: false }), authorization: async () => null, stop() {} });

export class View {
  /** @type {Page[]} */
  pages = [];

  /** The global registry of setValue. @type {Map<string, any>} */
  registry = new Map();

  icons = new Icons();
  /** The same function each time: what comes later is told to it once. */
  redraw = () => this.refresh();
  /** Load the program again. @type {() => void} */
  reload = () => this.event('reload', {});
  dragStart = { x: 0, y: 0 };

  /** @type {any} */
  #snack = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #snackTimer;
  #pending = false;
  /** Gets the focus once what covered it is gone. @type {HTMLElement | null} */
  #focusNext = null;
  #stopped = false;
  /** Warnings that were told already. */
  #told = new Set();

  /** @param {HTMLElement} root @param {ViewOptions} [options] */
  constructor(root, options = {}) {
    this.root = root;
    this.options = options;
    this.measurer = browserMeasurer();
    this.pictures = new Pictures(() => this.refresh());
    this.backend = new Backend(() => this.options.backend ?? null, () => this.refresh(), (detail) => this.event('request', detail));
    /** @type {Pick<import('../bindings/auth.js').Auth, 'binding' | 'authorization' | 'stop'>} */
    this.auth = NOBODY;
    this.theme = makeTheme();
    this.textScale = 1;
    this.direction = /** @type {'ltr' | 'rtl'} */ ('ltr');
    this.safeArea = NO_EDGES;
    this.words = ENGLISH;
    this.configure({});
    root.classList.add('mp-root');
    listen(root);
    root.addEventListener('pointerdown', ({ clientX, clientY }) => { this.dragStart = { x: clientX, y: clientY }; }, true);
    root.addEventListener('scroll', ({ target }) => scrolledUnder(/** @type {HTMLElement} */ (target)), true);
    this.watcher = new ResizeObserver(() => this.refresh());
    this.watcher.observe(root);
  }

  /** Change options while running: theme, text scale, direction … @param {Partial<ViewOptions>} changes */
  configure(changes) {
    this.options = { ...this.options, ...changes };
    const { theme = null, brightness, contrast, textScale = 1, direction = 'ltr', safeArea = NO_EDGES, words } = this.options;
    this.theme = makeTheme(theme, { brightness, contrast });
    this.textScale = textScale;
    this.direction = direction;
    this.safeArea = safeArea;
    this.words = { ...ENGLISH, ...words };
    applyTheme(this.root, this.theme);
    this.refresh();
  }

  /** Tell whoever listens. @param {string} name @param {any} detail */
  event(name, detail) {
    this.options.onEvent?.(name, detail);
  }

  /** @param {Warning} warning */
  warn(warning) {
    const told = { ...warning, screenId: this.top?.screenId ?? null };
    const key = JSON.stringify([told.code, told.path, told.screenId, told.message]);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.event('warning', told);
  }

  get top() {
    return this.pages.at(-1) ?? null;
  }

  /** The page that dialogs and sheets lie on. */
  get screen() {
    return this.pages.findLast((page) => page.kind === 'screen') ?? null;
  }

  /**
   * Show a document in the place of everything, or, for a screen that is shown already, keep its state.
   * @param {any} document @param {{screenId?: string | null, keepState?: boolean}} [more]
   */
  show(document, { screenId = null, keepState = false } = {}) {
    this.#told.clear();
    const old = keepState ? this.pages.find((page) => page.kind === 'screen' && page.screenId === screenId) : null;
    if (old) {
      old.document = substitute(document, this.registry);
      for (const key of [...old.state.keys()]) if (key.endsWith(' child') || key.includes(' request ')) old.state.delete(key);
      this.refresh();
      return;
    }
    for (const page of this.pages.splice(0)) this.#drop(page, undefined);
    this.hideSnackBar();
    this.push(document, { screenId });
  }

  /** @param {any} document @param {{kind?: import('./page.js').PageKind, screenId?: string | null, options?: Record<string, any>}} [more] @returns {Promise<any>} the result with which it is closed */
  push(document, more = {}) {
    const page = new Page(substitute(document, this.registry), more);
    page.focusBefore = /** @type {HTMLElement | null} */ (/** @type {any} */ (this.root.getRootNode()).activeElement);
    this.pages.push(page);
    if (page.kind === 'screen') this.event('navigation', { screenIds: this.screenIds() });
    this.refresh();
    return new Promise((resolve) => { page.closed = resolve; });
  }

  screenIds() {
    return this.pages.filter((page) => page.kind === 'screen').map((page) => page.screenId);
  }

  /** Close the top page, or `page`; false where it is the only one. @param {any} [result] @param {Page | null} [page] */
  pop(result, page = this.top) {
    const at = page ? this.pages.indexOf(page) : -1;
    if (!page || at < 0 || (at === 0 && this.pages.length === 1)) return false;
    this.pages.splice(at, 1);
    this.#drop(page, result);
    if (page.kind === 'screen') {
      this.event('navigation', { screenIds: this.screenIds() });
      enter(this.screen, 'mp-back');
    }
    this.refresh();
    return true;
  }

  /** What the back button of an app bar does: at the first screen the whole program is left. */
  back() {
    if (!this.pop()) this.event('close', {});
  }

  /** Keep the first `count` pages. @param {number} count */
  keep(count) {
    for (const page of this.pages.splice(count)) this.#drop(page, undefined);
    enter(this.screen, 'mp-back');
    this.event('navigation', { screenIds: this.screenIds() });
    this.refresh();
  }

  /** @param {Page} page @param {any} result */
  #drop(page, result) {
    page.element?.remove();
    page.closed(result);
    if (page.kind !== 'screen') this.#focusNext = page.focusBefore;
  }

  /** @param {any} action @param {import('../actions/run.js').ActionContext} context */
  run(action, context) {
    return runAction(action, { ...context, view: this }).catch((error) => {
      this.warn({ code: 'action_failed', path: context.path, message: error instanceof Error ? error.message : String(error) });
      return null;
    });
  }

  /** A networkRequest. @param {any} value @param {import('../widgets/forms.js').Form | null} form */
  async request(value, form) {
    const { request } = await import('../actions/request.js');
    return request(this, value, form);
  }

  /** Who signs in, loaded when a program or its host first asks. @returns {Promise<import('../bindings/auth.js').Auth>} */
  async signing() {
    const { Auth } = await import('../bindings/auth.js');
    if (!(this.auth instanceof Auth)) this.auth = new Auth(() => this.options.auth ?? null, () => this.backend, () => this.refresh());
    return /** @type {import('../bindings/auth.js').Auth} */ (this.auth);
  }

  /** @param {any} action  showSnackBar */
  showSnackBar(action) {
    clearTimeout(this.#snackTimer);
    this.#snack = action;
    const { days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = action.duration ?? { milliseconds: SNACK_MS };
    const wait = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
    this.#snackTimer = setTimeout(() => this.hideSnackBar(), Math.min(wait || SNACK_MS, 2 ** 31 - 1));
    this.refresh();
  }

  hideSnackBar() {
    clearTimeout(this.#snackTimer);
    if (!this.#snack) return;
    this.#snack = null;
    this.refresh();
  }

  /** For the scaffold of the top screen. @param {import('../widgets/builder.js').Widget} w */
  snackBarNode(w) {
    return this.#snack ? snackBarNode(w, this.#snack, () => this.hideSnackBar()) : null;
  }

  /** @param {unknown} src @param {unknown} type  network, asset, file */
  imageUrl(src, type) {
    if (type === 'network') return pictureUrl(src) || this.#assetUrl(src);
    return this.#assetUrl(src) || pictureUrl(src);
  }

  /** @param {unknown} src */
  #assetUrl(src) {
    if (typeof src !== 'string' || !src || /^[a-z][\w+.-]*:/i.test(src) || src.startsWith('//') || src.split(/[/\\]/).includes('..')) return '';
    return this.options.assetUrl?.(src) ?? '';
  }

  /** @param {unknown} url */
  frameUrl(url) {
    const found = webUrl(url);
    return found && (this.options.mayFrame?.(found) ?? true) ? found : '';
  }

  /** Draw again, soon; many calls draw once. */
  refresh() {
    if (this.#pending || this.#stopped) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (this.#stopped) return;
      try {
        this.draw();
      } catch (error) {
        this.event('failed', { message: String(error) });
        throw error;
      }
    });
  }

  draw() {
    const { width, height } = this.root.getBoundingClientRect();
    const size = { width: this.root.clientWidth || width, height: this.root.clientHeight || height };
    if (!size.width || !size.height) return;
    const lowest = this.pages.findLastIndex((page) => page.kind === 'screen');
    this.pages.forEach((page, at) => {
      const visible = at >= lowest;
      page.isTop = page === this.screen;
      page.canPop = this.pages.slice(0, at).some((each) => each.kind === 'screen');
      if (visible) this.#drawPage(page, size, at);
      if (!page.element) return;
      page.element.hidden = !visible;
      page.element.inert = at < this.pages.length - 1;
    });
    if (this.#focusNext?.isConnected) this.#focusNext.focus({ preventScroll: true });
    this.#focusNext = null;
    this.event('drawn', { screenId: this.screen?.screenId ?? null });
  }

  /** @param {Page} page @param {{width: number, height: number}} size @param {number} at */
  #drawPage(page, size, at) {
    const isNew = !page.element;
    if (!page.element) {
      page.element = this.root.ownerDocument.createElement('div');
      page.element.className = `mp-page mp-page-${page.kind}`;
      if (at > 0 && page.kind === 'screen') enter(page, 'mp-in');
      const next = this.pages.slice(at + 1).find((each) => each.element)?.element ?? null;
      this.root.insertBefore(page.element, next);
    }
    const builder = new Builder(this, page);
    const content = builder.build(page.document, '$', outermost(this.theme)) ?? { type: 'sizedBox' };
    /** @type {import('../layout/types.js').LayoutNode} */
    const node = page.kind === 'dialog' ? dialogNode(this, page, content) : page.kind === 'sheet' ? sheetNode(this, page, content, size) : content;
    const tight = { minWidth: size.width, maxWidth: size.width, minHeight: size.height, maxHeight: size.height };
    const { box, diagnostics } = layout(node, tight, { measurer: this.measurer, direction: this.direction, textScale: this.textScale, safeArea: this.safeArea });
    for (const each of diagnostics) this.warn({ ...each, path: widgetPath(page.document, each.path) });
    repaint(page.element, box, { direction: this.direction, elementOf, dress, finish, paths: this.options.paths ? 'widgets' : false });
    if (isNew && page.kind !== 'screen') this.#focusInside(page.element);
  }

  /** @param {HTMLElement} element */
  #focusInside(element) {
    const first = /** @type {HTMLElement | null} */ (element.querySelector('[autofocus], button:not(:disabled), input:not(:disabled), textarea, select, [tabindex="0"]'));
    (first ?? /** @type {HTMLElement | null} */ (element.firstElementChild))?.focus({ preventScroll: true });
  }

  /** End it: nothing is drawn any more, timers and observers are gone. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#snackTimer);
    this.watcher.disconnect();
    this.backend.stop();
    this.auth.stop();
    this.root.replaceChildren();
  }
}

/** How a screen comes: over another, or from below one that has gone. @param {Page | null} page @param {'mp-in' | 'mp-back'} name */
function enter(page, name) {
  page?.element?.classList.remove('mp-in', 'mp-back');
  page?.element?.classList.add(name);
}

/**
 * What scrolls under an app bar tints it, as long as it is not at its start: the outermost thing that scrolls downwards.
 * @param {HTMLElement} scroller
 */
function scrolledUnder(scroller) {
  const outer = scroller.parentElement?.closest('[style*="overflow: hidden auto"]');
  if (scroller.style.overflowY === 'auto' && !outer) scroller.closest('.mp-page')?.toggleAttribute('data-scrolled', scroller.scrollTop > 0);
}
