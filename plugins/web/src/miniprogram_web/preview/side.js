/** The tools beside the device: one panel at a time. */

import { fill, h } from './dom.js';
import { TABS } from './settings.js';

/** @typedef {{draw: (element: HTMLElement) => void, badge?: () => number}} Panel */

const LABELS = Object.freeze({ inspect: 'Inspect', state: 'State', log: 'Log', host: 'Host' });

export class Side {
  #pending = false;

  /** @param {HTMLElement} element @param {import('./settings.js').Settings} settings @param {Record<string, Panel>} panels */
  constructor(element, settings, panels) {
    this.element = element;
    this.settings = settings;
    this.panels = panels;
    this.tabs = h('div', { class: 'tabs', role: 'tablist' });
    this.body = h('div', { class: 'panel', role: 'tabpanel', tabindex: '0' });
    element.append(this.tabs, this.body);
    settings.listen(() => this.refresh());
  }

  /** Draw again, soon; not while somebody types in it. */
  refresh() {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#draw();
    });
  }

  #draw() {
    const { tab, panel, mode } = this.settings.values;
    document.body.classList.toggle('with-side', panel && mode === 'device');
    fill(this.tabs, TABS.map((name) => {
      const count = this.panels[name]?.badge?.() ?? 0;
      return h('button', { type: 'button', role: 'tab', 'aria-selected': String(name === tab), onClick: () => this.settings.set({ tab: name }) }, LABELS[/** @type {keyof typeof LABELS} */ (name)], count > 0 && h('span', { class: 'badge' }, count));
    }));
    const isTyping = this.body.contains(document.activeElement) && document.activeElement?.matches('textarea, input:not([type=checkbox])') && this.body.dataset.tab === tab;
    if (!panel || mode !== 'device' || isTyping) return;
    const scroll = this.body.dataset.tab === tab ? this.body.scrollTop : 0;
    this.body.dataset.tab = tab;
    this.panels[tab].draw(this.body);
    this.body.scrollTop = scroll;
  }
}
