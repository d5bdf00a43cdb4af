/** The tree of the screen beside its picture: each points at the other, and at the line its author wrote. */

import { fill, h, icon } from './dom.js';
import { frameElement } from './overlay.js';

const TEXTS = Object.freeze(['data', 'text', 'title', 'label', 'icon', 'src', 'id', 'requestId']);

/** @typedef {{path: string, node: any, children: Item[]}} Item */

/** Members that are no widgets, but lead to them or to actions. @param {any} value */
const isNode = (value) => Boolean(value) && typeof value === 'object' && typeof value.type === 'string';

/** The widgets of a document, as a tree. @param {any} node @param {string} [path] @param {number} [level] @returns {Item} */
export function treeOf(node, path = '$', level = 0) {
  /** @type {Item[]} */
  const children = [];
  const look = (/** @type {any} */ value, /** @type {string} */ at, /** @type {number} */ depth) => {
    if (depth > 6 || level > 200 || !value || typeof value !== 'object') return;
    if (isNode(value)) children.push(treeOf(value, at, level + 1));
    else if (Array.isArray(value)) value.forEach((each, index) => look(each, `${at}[${index}]`, depth + 1));
    else for (const [name, each] of Object.entries(value)) if (!name.startsWith('on')) look(each, `${at}.${name}`, depth + 1);
  };
  for (const [name, value] of Object.entries(node ?? {})) if (!name.startsWith('on') && !/^(style|decoration|border|shape|padding|margin)$/i.test(name)) look(value, `${path}.${name}`, 0);
  return { path, node, children };
}

/** What stands at a path of the inspector's. @param {any} document @param {string} path */
export function nodeAt(document, path) {
  let node = document;
  for (const [segment] of path.matchAll(/\.[^.[\]]+|\[\d+\]/g)) node = node?.[segment.startsWith('.') ? segment.slice(1) : Number(segment.slice(1, -1))];
  return node;
}

export class InspectPanel {
  /** @type {string | null} */
  selected = null;
  /** Whether the device is pointed at instead of used. */
  picking = false;
  /** @type {Set<string>} */
  #closed = new Set();
  /** The widget of the tree that Tab leads to. */
  #walked = '$';
  /** @type {{key: string, place: import('./server.js').Place | null} | null} */
  #place = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {{view: () => import('../runtime/view/view.js').View | null, server: import('./server.js').Server, open: (place: any) => void, refresh: () => void}} parts
   */
  constructor(stage, parts) {
    this.stage = stage;
    this.parts = parts;
    this.hover = h('div', { class: 'mark hover', hidden: true });
    this.chosen = h('div', { class: 'mark chosen', hidden: true });
    stage.marks.append(this.hover, this.chosen);
    this.#listen();
  }

  /** Elements of the page on top, by path. @param {string} path @returns {HTMLElement | null} */
  element(path) {
    const page = this.parts.view()?.top?.element;
    if (!page) return null;
    return page.querySelector(`[data-path="${CSS.escape(path)}"]`) ?? page.querySelector(`[data-path^="${CSS.escape(path)}."], [data-path^="${CSS.escape(path)}["]`);
  }

  /** The widget's path of what was pointed at. @param {Event} event @returns {string | null} */
  #pathOf(event) {
    const found = /** @type {HTMLElement | undefined} */ (event.composedPath().find((each) => each instanceof HTMLElement && each.dataset.path));
    const document = this.parts.view()?.top?.document;
    let path = found?.dataset.path?.split('#')[0] ?? null;
    while (path && path !== '$' && !isNode(nodeAt(document, path))) path = path.replace(/(\.[^.[\]]+|\[\d+\])$/, '');
    return path;
  }

  #listen() {
    const { host } = this.stage;
    host.addEventListener('pointermove', (event) => { if (this.picking) this.#mark(this.hover, this.#pathOf(event)); });
    host.addEventListener('pointerleave', () => this.#mark(this.hover, null));
    for (const name of ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'touchstart', 'click', 'dblclick']) {
      host.addEventListener(name, (event) => {
        if (!this.picking) return;
        event.preventDefault();
        event.stopPropagation();
        if (name === 'click') {
          this.select(this.#pathOf(event));
          this.pick(false);
        }
      }, true);
    }
    addEventListener('keydown', ({ key }) => { if (key === 'Escape' && this.picking) this.pick(false); });
  }

  /** @param {boolean} on */
  pick(on) {
    this.picking = on;
    this.stage.host.classList.toggle('picking', on);
    if (!on) this.#mark(this.hover, null);
    this.parts.refresh();
  }

  /** @param {string | null} path */
  select(path) {
    this.selected = path;
    this.#walked = path ?? '$';
    for (let up = path; up && up !== '$'; up = up.replace(/(\.[^.[\]]+|\[\d+\])$/, '')) this.#closed.delete(up);
    if (path) this.element(path)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.drawn();
    this.parts.refresh();
  }

  /** The picture is another one: marks move along. */
  drawn() {
    this.#mark(this.chosen, this.selected);
  }

  /** @param {HTMLElement} mark @param {string | null} path */
  #mark(mark, path) {
    const element = path ? this.element(path) : null;
    mark.hidden = !element;
    if (!element) return;
    const { zoom } = this.stage;
    const own = element.getBoundingClientRect();
    const screen = this.stage.host.getBoundingClientRect();
    const [width, height] = [own.width / zoom, own.height / zoom];
    Object.assign(mark.style, { left: `${(own.left - screen.left) / zoom}px`, top: `${(own.top - screen.top) / zoom}px`, width: `${width}px`, height: `${height}px` });
    mark.dataset.label = `${nodeAt(this.parts.view()?.top?.document, path ?? '$')?.type ?? ''} ${Math.round(width * 100) / 100} × ${Math.round(height * 100) / 100}`;
  }

  /** @param {HTMLElement} element */
  draw(element) {
    const page = this.parts.view()?.top ?? null;
    const document = page?.document;
    const node = this.selected && document ? nodeAt(document, this.selected) : null;
    const focused = element.contains(globalThis.document.activeElement) && globalThis.document.activeElement?.closest('[role=treeitem]');
    const tree = document && h('ul', { class: 'tree', role: 'tree', 'aria-label': 'Widgets', onKeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) }, this.#item(treeOf(document)));
    fill(element,
      h('div', { class: 'row' }, h('h3', {}, page?.screenId ?? 'Widgets'), h('button', { type: 'button', class: 'pick', 'aria-pressed': String(this.picking), onClick: () => this.pick(!this.picking) }, icon('inspect'), 'Point at it')),
      tree,
      node && this.#details(node, page));
    if (!tree) return;
    const reached = /** @type {HTMLElement} */ (tree.querySelector(`[data-node="${CSS.escape(this.#walked)}"]`) ?? tree.firstElementChild);
    reached.tabIndex = 0;
    if (focused) reached.focus();
  }

  /** @param {string} path @param {boolean} open */
  #fold(path, open) {
    if (open) this.#closed.delete(path);
    else this.#closed.add(path);
    this.parts.refresh();
  }

  /** The keys of a tree: arrows walk, open and close, letters look for a type, Enter selects. @param {KeyboardEvent} event */
  #key(event) {
    const at = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[role=treeitem]'));
    if (!at || event.ctrlKey || event.altKey || event.metaKey) return;
    const items = /** @type {HTMLElement[]} */ ([.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll('[role=treeitem]')]);
    const path = String(at.dataset.node);
    const index = items.indexOf(at);
    const expanded = at.getAttribute('aria-expanded');
    const walk = (/** @type {Element | null | undefined} */ item) => {
      if (!(item instanceof HTMLElement)) return;
      at.tabIndex = -1;
      item.tabIndex = 0;
      this.#walked = String(item.dataset.node);
      this.#mark(this.hover, this.#walked);
      item.focus();
    };
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => walk(items[index + 1]), ArrowUp: () => walk(items[index - 1]), Home: () => walk(items[0]), End: () => walk(items.at(-1)),
      ArrowRight: () => (expanded === 'false' ? this.#fold(path, true) : walk(expanded ? items[index + 1] : null)),
      ArrowLeft: () => (expanded === 'true' ? this.#fold(path, false) : walk(at.parentElement?.closest('[role=treeitem]'))),
      Enter: () => this.select(path), ' ': () => this.select(path),
    };
    const letter = event.key.toLowerCase();
    const act = keys[event.key] ?? (/^\p{L}$/u.test(letter) ? () => walk([...items.slice(index + 1), ...items.slice(0, index)].find((each) => each.getAttribute('aria-label')?.toLowerCase().startsWith(letter))) : null);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    this.#walked = path;
    act();
  }

  /** @param {Item} item @returns {HTMLElement} */
  #item({ path, node, children }) {
    const isOpen = !this.#closed.has(path);
    const text = TEXTS.map((name) => node[name]).find((value) => typeof value === 'string' && value);
    const fold = children.length > 0
      ? h('button', { type: 'button', tabindex: -1, class: `fold ${isOpen ? 'open' : ''}`, 'aria-label': isOpen ? 'Fold' : 'Unfold', onClick: () => this.#fold(path, !isOpen) }, icon('chevron'))
      : h('span', { class: 'fold' });
    return h('li', { role: 'treeitem', tabindex: -1, 'data-node': path, 'aria-label': text === undefined ? node.type : `${node.type} ${text.slice(0, 60)}`, 'aria-selected': String(path === this.selected), 'aria-expanded': children.length ? String(isOpen) : null },
      h('div', { class: 'node', onPointerenter: () => this.#mark(this.hover, path), onPointerleave: () => this.#mark(this.hover, null) }, fold,
        h('button', { type: 'button', tabindex: -1, class: 'name', onClick: () => this.select(path) }, node.type, text !== undefined && h('span', { class: 'quiet' }, ` ${text.slice(0, 60)}`))),
      children.length > 0 && isOpen && h('ul', { role: 'group' }, children.map((each) => this.#item(each))));
  }

  /** @param {any} node @param {import('../runtime/view/page.js').Page | null} page */
  #details(node, page) {
    const path = this.selected ?? '$';
    const place = this.#placeOf(page?.screenId ?? null, path);
    return h('div', { class: 'details' },
      h('p', { class: 'where' }, h('strong', {}, node.type ?? 'value'), h('span', { class: 'quiet' }, this.chosen.dataset.label?.split(' ').slice(1).join(' ') ?? ''),
        place && h('button', { type: 'button', class: 'place', title: 'Open in the editor', onClick: () => this.parts.open(place) }, [place.file, place.line, place.column].filter(Boolean).join(':'), icon('edit'))),
      h('p', {}, h('code', {}, path)),
      place?.frame && frameElement(place.frame, { narrow: true, calm: true }),
      h('pre', { class: 'node-json' }, JSON.stringify(node, null, 2)));
  }

  /** @param {string | null} screenId @param {string} path */
  #placeOf(screenId, path) {
    if (!screenId) return null;
    const key = `${screenId} ${path} ${this.parts.view()?.top?.id}`;
    if (this.#place?.key === key) return this.#place.place;
    this.#place = { key, place: null };
    void this.parts.server.place(screenId, path).then((place) => {
      if (this.#place?.key !== key) return;
      this.#place = { key, place };
      this.parts.refresh();
    });
    return null;
  }

  /** A screen was changed: its lines may be others. */
  forget() {
    this.#place = null;
  }
}
