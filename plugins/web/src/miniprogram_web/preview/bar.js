/** The bar at the top: which mini-program, which screen, on what, how it looks. */

import { fill, h, icon, iconButton } from './dom.js';
import { select } from './controls.js';
import { DEVICES, FREE, WINDOW } from './devices.js';
import { openOnPhone } from './phone.js';
import { LOCALES, TEXT_SCALES } from './settings.js';

/** @typedef {import('./channel.js').ChannelState} ChannelState */

const CONNECTION = Object.freeze({ connecting: 'Connecting to the preview', open: 'Following every save', lost: 'The preview does not answer: is it still running?' });

export class Bar {
  /** @type {ChannelState} */
  connection = 'connecting';

  /** @param {HTMLElement} element @param {import('./settings.js').Settings} settings @param {{restart: () => void, open: (screenId: string) => void}} actions */
  constructor(element, settings, actions) {
    this.element = element;
    this.settings = settings;
    this.actions = actions;
    /** @type {import('./server.js').ProgramFacts | null} */
    this.facts = null;
    /** @type {string | null} */
    this.screen = null;
    settings.listen(() => this.draw());
  }

  /** @param {ChannelState} state */
  connected(state) {
    this.connection = state;
    this.draw();
  }

  /** @param {string | null} screen */
  shows(screen) {
    if (screen === this.screen) return;
    this.screen = screen;
    this.draw();
  }

  draw() {
    const focused = document.activeElement?.getAttribute('aria-label');
    const { values } = this.settings;
    const set = this.settings.set.bind(this.settings);
    const { facts } = this;
    const screens = facts?.screens.map(({ id }) => /** @type {[string, string]} */ ([id, id === facts.manifest.entry ? `${id} (entry)` : id])) ?? [];
    const current = this.screen && screens.some(([id]) => id === this.screen) ? this.screen : '';
    const isDevice = values.mode === 'device';
    fill(this.element,
      h('div', { class: 'group title' },
        h('span', { class: `dot ${this.connection}`, role: 'status', 'aria-label': CONNECTION[this.connection], title: CONNECTION[this.connection] }),
        h('h1', {}, facts?.title ?? 'Preview'), h('span', { class: 'quiet version' }, facts?.manifest.version ?? '')),
      h('div', { class: 'group middle' },
        isDevice && select('Screen', current, [...(current ? [] : [/** @type {[string, string]} */ (['', 'Other screen'])]), ...screens], (id) => { if (id) this.actions.open(id); }, { class: 'wide' }),
        isDevice && select('Device', values.device, [...DEVICES.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])), [FREE, 'Free size'], [WINDOW, 'This window']], (device) => set({ device, landscape: false })),
        isDevice && iconButton('reload', 'Start again', this.actions.restart)),
      h('div', { class: 'group end' },
        isDevice && iconButton(values.brightness === 'dark' ? 'moon' : 'sun', values.brightness === 'dark' ? 'Dark theme' : 'Light theme', () => set({ brightness: values.brightness === 'dark' ? 'light' : 'dark' }), { 'aria-pressed': String(values.brightness === 'dark') }),
        select('Locale', values.locale, LOCALES.map((each) => [each, each]), (locale) => set({ locale })),
        isDevice && select('Text scale', String(values.textScale), scales(values.textScale).map((each) => [String(each), `Text ${each}×`]), (scale) => set({ textScale: Number(scale) })),
        h('button', { type: 'button', class: 'mode', 'aria-pressed': String(!isDevice), onClick: () => set({ mode: isDevice ? 'storyboard' : 'device' }) }, icon(isDevice ? 'grid' : 'phone'), h('span', {}, isDevice ? 'Storyboard' : 'Device')),
        facts?.lan && iconButton('qr', 'Open on a phone', () => openOnPhone(facts?.lan)),
        isDevice && iconButton('panel', values.panel ? 'Hide the tools' : 'Show the tools', () => set({ panel: !values.panel }), { 'aria-pressed': String(values.panel) })));
    if (focused) /** @type {HTMLElement | null} */ (this.element.querySelector(`[aria-label="${CSS.escape(focused)}"]`))?.focus();
  }
}

/** @param {number} own */
const scales = (own) => [...new Set([...TEXT_SCALES, own])].sort((a, b) => a - b);
