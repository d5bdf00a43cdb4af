/** What the runtime found wrong with the screen, below the device, and marked on it. */

import { fill, h, icon } from './dom.js';
import { frameElement } from './overlay.js';

export class ProblemList {
  #open = false;

  /** @param {HTMLElement} parent @param {import('./problems.js').Problems} problems @param {{open: (place: any) => void, select: (path: string) => void}} actions */
  constructor(parent, problems, actions) {
    this.problems = problems;
    this.actions = actions;
    this.element = h('div', { class: 'problems', hidden: true });
    parent.append(this.element);
    problems.listen(() => this.draw());
  }

  draw() {
    const { list } = this.problems;
    this.element.hidden = list.length === 0;
    fill(this.element,
      h('button', { type: 'button', class: 'problems-head', 'aria-expanded': String(this.#open), onClick: () => { this.#open = !this.#open; this.draw(); } }, icon('warning'), h('span', {}, list.length === 1 ? list[0].message : `${list.length} problems on this screen`), icon('chevron')),
      this.#open && h('ul', {}, list.map((each) => this.#problem(each))));
  }

  /** @param {import('./problems.js').Problem} problem */
  #problem({ code, message, path, place }) {
    return h('li', {},
      h('p', { class: 'message' }, message),
      h('p', { class: 'where' },
        place && h('button', { type: 'button', class: 'place', onClick: () => this.actions.open(place) }, [place.file, place.line, place.column].filter(Boolean).join(':'), icon('edit')),
        h('button', { type: 'button', class: 'place', title: 'Show it on the device', onClick: () => this.actions.select(path) }, path), h('span', { class: 'code' }, code)),
      place?.frame && frameElement(place.frame, { narrow: true, calm: true }));
  }
}
