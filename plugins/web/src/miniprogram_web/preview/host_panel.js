/** What the host can do and says about itself, and the scenarios of preview.toml. */

import { fill, h } from './dom.js';
import { labelled, section, segmented, select, toggle } from './controls.js';
import { CAPABILITIES, DILATIONS } from './settings.js';

export class HostPanel {
  /** @param {import('./settings.js').Settings} settings @param {() => import('./server.js').ProgramFacts | null} facts */
  constructor(settings, facts) {
    this.settings = settings;
    this.facts = facts;
  }

  /** @param {HTMLElement} element */
  draw(element) {
    const { values } = this.settings;
    const set = this.settings.set.bind(this.settings);
    const facts = this.facts();
    const scenarios = facts?.scenarios ?? [];
    const needed = new Set(facts?.manifest.requiredCapabilities ?? []);
    fill(element,
      section('Scenario', scenarios.length
        ? select('Scenario', values.scenario, [['', 'None'], ...scenarios.map((/** @type {any} */ { name, title }) => /** @type {[string, string]} */ ([name, title ?? name]))], (scenario) => set({ scenario }))
        : h('p', { class: 'empty' }, 'Start screens, values and answers that you need again and again: put them into preview.toml beside the manifest.')),
      section('Capabilities of the host', ...CAPABILITIES.map((name) => toggle(needed.has(name) ? `${name} (needed)` : name, values.capabilities.includes(name), (on) => set({ capabilities: CAPABILITIES.filter((each) => (each === name ? on : values.capabilities.includes(each))) })))),
      section('Look',
        toggle('High contrast', values.contrast, (contrast) => set({ contrast })),
        labelled('Text direction', segmented('Text direction', values.direction, [['auto', 'By locale'], ['ltr', 'Left to right'], ['rtl', 'Right to left']], (direction) => set({ direction: /** @type {'auto'} */ (direction) }))),
        labelled('Time', segmented('Time', String(values.timeDilation), DILATIONS.map((each) => [String(each), each === 1 ? 'Normal' : `${each}× slower`]), (each) => set({ timeDilation: Number(each) }))),
        (facts?.themes.length ?? 0) > 0 && labelled('Theme document', select('Theme document', values.theme, [['', 'Material 3'], ...(facts?.themes ?? []).map((name) => /** @type {[string, string]} */ ([name, name]))], (theme) => set({ theme })))),
      section('Publisher backend', h('p', { class: 'fact' }, facts?.backend.running ? 'The mock backend runs: calls are answered by it.' : facts?.backend.note ?? 'This mini-program has no mock backend.')));
  }
}
