/** The log beside the device, and what stands in the place of answers. */

import { fill, h, icon, iconButton } from './dom.js';
import { jsonField, section } from './controls.js';

/** @param {number} at */
const clock = (at) => new Date(at).toLocaleTimeString('en-GB');

export class LogPanel {
  /** Which entries are open. @type {WeakSet<import('./log.js').Entry>} */
  #open = new WeakSet();

  /** Whose answers are open. @type {Set<string>} */
  #openMocks = new Set();

  /** @param {import('./log.js').Log} log @param {import('./mocks.js').Mocks} mocks @param {() => void} refresh */
  constructor(log, mocks, refresh) {
    this.log = log;
    this.mocks = mocks;
    this.refresh = refresh;
  }

  /** How much of it went wrong. */
  badge() {
    return this.log.entries.filter(({ level }) => level === 'error').length;
  }

  /** @param {HTMLElement} element */
  draw(element) {
    const { entries } = this.log;
    fill(element,
      this.mocks.list.length > 0 && section('Mock answers', ...this.mocks.list.map((each, at) => this.#mock(each, at))),
      h('div', { class: 'row' }, h('h3', {}, 'What happened'), iconButton('plus', 'Mock an answer', () => this.mocks.add('GET', 'path')), iconButton('trash', 'Clear', () => this.log.clear())),
      entries.length === 0 && h('p', { class: 'empty' }, 'Tap something on the device: actions, their results and requests appear here.'),
      h('ol', { class: 'log' }, entries.toReversed().map((entry) => this.#entry(entry))));
  }

  /** @param {import('./log.js').Entry} entry */
  #entry(entry) {
    const details = h('details', { open: this.#open.has(entry) && 'open', onToggle: () => { if (details.open) this.#open.add(entry); else this.#open.delete(entry); } },
      h('summary', {}, h('time', {}, clock(entry.at)), h('span', { class: `kind ${entry.level}` }, entry.kind), h('span', { class: 'what' }, entry.title)),
      entry.detail !== null && h('pre', {}, JSON.stringify(entry.detail, null, 2)),
      entry.request && h('button', { type: 'button', class: 'link', onClick: () => { const { method, target } = /** @type {{method: string, target: string}} */ (entry.request); this.#openMocks.add(`${method} ${target}`); this.mocks.add(method, target); } }, icon('copy'), ' Mock this answer'));
    return h('li', {}, details);
  }

  /** @param {import('./mocks.js').Mock} mock @param {number} at */
  #mock(mock, at) {
    const change = (/** @type {Partial<import('./mocks.js').Mock>} */ changes) => this.mocks.set(this.mocks.list.map((each, index) => (index === at ? { ...each, ...changes } : each)));
    const on = h('input', { type: 'checkbox', checked: mock.on !== false, 'aria-label': 'Use it', onChange: () => change({ on: on.checked }) });
    const match = h('input', { value: mock.match, 'aria-label': 'Request', class: 'match', onChange: () => change({ match: match.value }) });
    const status = h('input', { type: 'number', min: '0', max: '599', value: String(mock.status), 'aria-label': 'Status; 0 is no connection', title: 'Status; 0 is no connection', onChange: () => change({ status: Number(status.value) }) });
    const delay = h('input', { type: 'number', min: '0', step: '100', value: String(mock.delayMs), 'aria-label': 'Delay in milliseconds', title: 'Delay in milliseconds', onChange: () => change({ delayMs: Number(delay.value) }) });
    const details = h('details', { open: this.#openMocks.has(mock.match) && 'open', onToggle: () => { if (details.open) this.#openMocks.add(mock.match); else this.#openMocks.delete(mock.match); } },
      h('summary', {}, 'Answer'), jsonField('Answer', mock.body, (body) => change({ body })));
    return h('div', { class: 'mock' },
      h('div', { class: 'row' }, on, match, iconButton('trash', 'Remove', () => this.mocks.set(this.mocks.list.filter((_, index) => index !== at)))),
      h('div', { class: 'row numbers' }, h('label', {}, 'Status', status), h('label', {}, 'After', delay, 'ms')), details);
  }
}
