/** All screens beside each other: light and dark, narrow and wide. What does not fit anywhere shows here first. */

import { fill, h, icon } from './dom.js';
import { toggle } from './controls.js';
import { asProblem } from '../runtime/client/program.js';
import { errorScreen } from '../runtime/view/error_screen.js';
import { View } from '../runtime/view/view.js';
import { viewRoot } from './runner.js';

const WIDTHS = Object.freeze([320, 360, 412, 600, 840]);
const BRIGHTNESSES = /** @type {const} */ (['light', 'dark']);
const SCALES = Object.freeze([1, 2]);
const HEIGHT = 780;
/** How large a tile is shown, where there is room. */
const SHOWN = 0.44;
const MARGIN = 48;

/** @typedef {{screenId: string, width: number, brightness: 'light' | 'dark', textScale: number}} Variant */

class Tile {
  /** @type {View | null} */
  view = null;
  warnings = 0;

  /** @param {Variant} variant @param {Storyboard} board */
  constructor(variant, board) {
    this.variant = variant;
    this.board = board;
    const shown = Math.min(SHOWN, (board.element.clientWidth - MARGIN) / variant.width);
    this.host = h('div', { class: 'tile-screen', style: { width: `${variant.width}px`, height: `${HEIGHT}px`, transform: `scale(${shown})` } });
    this.badge = h('span', { class: 'kind warning', hidden: true });
    const label = `${variant.width} · ${variant.brightness}${variant.textScale === 1 ? '' : ` · text ${variant.textScale}×`}`;
    this.element = h('button', { type: 'button', class: 'tile', 'aria-label': `${variant.screenId}, ${label}`, onClick: () => board.parts.open(variant) },
      h('span', { class: 'tile-frame', inert: true, style: { width: `${variant.width * shown}px`, height: `${HEIGHT * shown}px` } }, this.host), h('span', { class: 'tile-label' }, label, this.badge));
  }

  async show() {
    const { screenId, ...look } = this.variant;
    this.warnings = 0;
    this.#count();
    /** @type {any} */
    let document;
    try {
      document = await this.board.screen(screenId);
    } catch (error) {
      document = errorScreen(asProblem(error));
    }
    if (!this.element.isConnected) return;
    if (!this.view) {
      this.view = new View(viewRoot(this.host), { ...this.board.options(), ...look, onEvent: (name) => { if (name === 'warning') { this.warnings += 1; this.#count(); } } });
      for (const [name, value] of Object.entries(this.board.parts.runner.scenario?.arguments ?? {})) this.view.registry.set(name, value);
      const tables = this.board.parts.runner.view?.icons;
      if (tables) this.view.icons = tables;
    }
    this.view.show(document, { screenId, keepState: true });
  }

  #count() {
    this.badge.hidden = this.warnings === 0;
    this.badge.textContent = `${this.warnings} problem${this.warnings === 1 ? '' : 's'}`;
  }
}

export class Storyboard {
  /** @type {Tile[]} */
  #tiles = [];
  /** @type {Map<string, Promise<any>>} */
  #documents = new Map();
  /** What of it is shown. */
  chosen = { widths: /** @type {number[]} */ ([360, 840]), brightnesses: /** @type {string[]} */ ([...BRIGHTNESSES]), scales: /** @type {number[]} */ ([1]) };

  /** @param {HTMLElement} element @param {{runner: import('./runner.js').Runner, facts: () => import('./server.js').ProgramFacts | null, open: (variant: Variant) => void, mocks: import('./mocks.js').Mocks}} parts */
  constructor(element, parts) {
    this.element = element;
    this.parts = parts;
    this.watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        this.watcher.unobserve(target);
        void this.#tiles.find((tile) => tile.element === target)?.show();
      }
    }, { root: element, rootMargin: '400px' });
  }

  /** @param {string} id @returns {Promise<any>} */
  screen(id) {
    if (!this.#documents.has(id)) this.#documents.set(id, /** @type {any} */ (this.parts.runner.program).screen(id));
    return /** @type {Promise<any>} */ (this.#documents.get(id));
  }

  /** Of every tile: as the device has them, but for what a tile is about. */
  options() {
    const { view } = this.parts.runner;
    return { ...view?.options, safeArea: { left: 0, top: 0, right: 0, bottom: 0 }, paths: false, auth: null };
  }

  draw() {
    this.stop();
    const ids = this.parts.facts()?.screens.map(({ id }) => id) ?? [];
    fill(this.element, this.#choices(), ids.map((screenId) => h('section', {}, h('h2', {}, screenId), h('div', { class: 'tiles' }, this.#variants(screenId).map((variant) => {
      const tile = new Tile(variant, this);
      this.#tiles.push(tile);
      return tile.element;
    })))));
    for (const tile of this.#tiles) this.watcher.observe(tile.element);
  }

  /** A screen is another one. @param {string} id */
  patch(id) {
    this.#documents.delete(id);
    for (const tile of this.#tiles) if (tile.variant.screenId === id && tile.view) void tile.show();
  }

  stop() {
    this.watcher.disconnect();
    for (const { view } of this.#tiles) view?.stop();
    this.#tiles = [];
    this.#documents.clear();
    this.element.replaceChildren();
  }

  /** @param {string} screenId @returns {Variant[]} */
  #variants(screenId) {
    const { widths, brightnesses, scales } = this.chosen;
    return widths.flatMap((width) => scales.flatMap((textScale) => BRIGHTNESSES.filter((each) => brightnesses.includes(each)).map((brightness) => ({ screenId, width, brightness, textScale }))));
  }

  #choices() {
    /** @template {string | number} T @param {T[]} list @param {T} each @param {boolean} on @returns {T[]} */
    const changed = (list, each, on) => (on ? [...list, each] : list.filter((other) => other !== each));
    const change = (/** @type {Partial<typeof this.chosen>} */ changes) => {
      this.chosen = { ...this.chosen, ...changes };
      this.draw();
    };
    const { widths, brightnesses, scales } = this.chosen;
    return h('div', { class: 'choices' },
      h('div', { class: 'choice' }, icon('phone'), WIDTHS.map((each) => toggle(String(each), widths.includes(each), (on) => change({ widths: changed(widths, each, on).sort((a, b) => a - b) })))),
      h('div', { class: 'choice' }, icon('sun'), BRIGHTNESSES.map((each) => toggle(each, brightnesses.includes(each), (on) => change({ brightnesses: changed(brightnesses, each, on) })))),
      h('div', { class: 'choice' }, h('strong', {}, 'A'), SCALES.map((each) => toggle(`${each}×`, scales.includes(each), (on) => change({ scales: changed(scales, each, on).sort((a, b) => a - b) })))));
  }
}
