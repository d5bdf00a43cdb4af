/** What is wrong with the sources, over what they last showed: file and line, the lines around, what to do. Esc puts it away. */

import { fill, h, icon, iconButton } from './dom.js';

/** @typedef {import('./server.js').Mistake} Mistake */

const NARROW = 760;

export class Overlay {
  /** @type {{mistakes: Mistake[], title: string} | null} */
  shown = null;

  /** @param {HTMLElement} parent @param {(place: {file: string, line?: number | null, column?: number | null}) => void} open */
  constructor(parent, open) {
    this.open = open;
    this.element = h('div', { class: 'overlay', role: 'alertdialog', 'aria-label': 'What is wrong', tabindex: '-1', hidden: true });
    this.pill = h('button', { type: 'button', class: 'overlay-pill', hidden: true, onClick: () => this.#unfold() }, icon('warning'), h('span'));
    parent.append(this.element, this.pill);
    addEventListener('keydown', (event) => { if (event.key === 'Escape' && !this.element.hidden) this.fold(); });
  }

  /** @param {Mistake} first  with the others as `more` @param {string} [title] */
  show(first, title = 'This does not build') {
    const mistakes = [first, ...(first.more ?? [])];
    this.shown = { mistakes, title };
    this.#unfold();
  }

  /** Mended. */
  clear() {
    this.shown = null;
    this.element.hidden = true;
    this.pill.hidden = true;
  }

  /** Out of the way, and not forgotten. */
  fold() {
    this.element.hidden = true;
    if (!this.shown) return;
    const count = this.shown.mistakes.length;
    this.pill.hidden = false;
    fill(/** @type {Element} */ (this.pill.lastElementChild), `${count} mistake${count === 1 ? '' : 's'}: ${this.shown.mistakes[0].message}`);
  }

  #unfold() {
    if (!this.shown) return;
    const { mistakes, title } = this.shown;
    fill(this.element,
      h('div', { class: 'overlay-head' }, icon('warning'), h('h2', {}, title), h('span', { class: 'count' }, mistakes.length > 1 ? `${mistakes.length} mistakes` : ''), iconButton('close', 'Put away (Esc)', () => this.fold())),
      h('div', { class: 'overlay-body' }, mistakes.map((each) => this.#mistake(each))),
      h('p', { class: 'overlay-foot' }, 'It vanishes when the file is mended and saved. Below is what was built last.'));
    this.element.hidden = false;
    this.pill.hidden = true;
    this.element.focus({ preventScroll: true });
  }

  /** @param {Mistake} mistake */
  #mistake({ code, message, file, line, column, frame, jsonPath, hint }) {
    const place = file && [file, line, column].filter((part) => part !== null && part !== undefined).join(':');
    return h('article', { class: 'mistake' },
      h('p', { class: 'message' }, message),
      h('p', { class: 'where' }, place && h('button', { type: 'button', class: 'place', title: 'Open in the editor', onClick: () => this.open({ file: String(file), line, column }) }, place, icon('edit')), jsonPath && h('code', {}, jsonPath), h('span', { class: 'code' }, code)),
      frame && frameElement(frame, { narrow: innerWidth < NARROW }),
      hint && h('p', { class: 'hint' }, hint));
  }
}

/** The blanks that all lines of a frame begin with, after their numbers. @param {string[]} lines */
const indentOf = (lines) => Math.min(...lines.filter((line) => /^[> ] +\d+ \| *\S/.test(line)).map((line) => (/\| ( *)/.exec(line)?.[1] ?? '').length));

/** Numbered lines, the one that is meant set off; narrow: without the blanks that all of them begin with. @param {string} frame @param {{narrow?: boolean, calm?: boolean}} [how] */
export function frameElement(frame, { narrow = false, calm = false } = {}) {
  const lines = frame.split('\n');
  const indent = narrow ? indentOf(lines) : 0;
  const shown = Number.isFinite(indent) && indent > 0 ? lines.map((line) => line.replace(new RegExp(`\\| {1,${indent + 1}}`), '| ')) : lines;
  return h('pre', { class: `frame ${calm ? 'calm' : ''}` }, shown.map((line) => h('span', { class: line.startsWith('>') ? 'line here' : / \| +\^$/.test(line) ? 'line mark' : 'line' }, `${line}\n`)));
}
