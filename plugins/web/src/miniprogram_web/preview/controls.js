/** Fields of the page's own forms. */

import { h } from './dom.js';

/** @typedef {[value: string, label: string]} Option */

/** @param {string} label @param {string} value @param {readonly Option[]} options @param {(value: string) => void} chosen @param {Record<string, any>} [more] */
export function select(label, value, options, chosen, more = {}) {
  const field = h('select', { 'aria-label': label, title: label, onChange: () => chosen(field.value), ...more }, options.map(([each, text]) => h('option', { value: each }, text)));
  field.value = value;
  return field;
}

/** @param {string} label @param {boolean} on @param {(on: boolean) => void} changed */
export function toggle(label, on, changed) {
  const box = h('input', { type: 'checkbox', role: 'switch', checked: on, onChange: () => changed(box.checked) });
  return h('label', { class: 'toggle' }, box, h('span', {}, label));
}

/** @param {string} label @param {Node} field */
export const labelled = (label, field) => h('label', { class: 'field' }, h('span', {}, label), field);

/** A group of buttons of which one is pressed. @param {string} label @param {string} value @param {readonly Option[]} options @param {(value: string) => void} chosen */
export const segmented = (label, value, options, chosen) => h('div', { class: 'segmented', role: 'group', 'aria-label': label },
  options.map(([each, text]) => h('button', { type: 'button', 'aria-pressed': String(each === value), onClick: () => chosen(each) }, text)));

/**
 * A value as JSON to be changed; what does not parse is said, and not taken.
 * @param {string} label @param {any} value @param {(value: any) => void} changed
 */
export function jsonField(label, value, changed) {
  const note = h('span', { class: 'note', role: 'status' });
  const text = value === undefined ? '' : JSON.stringify(value, null, 2);
  const area = h('textarea', {
    'aria-label': label, spellcheck: 'false', rows: Math.min(14, text.split('\n').length), value: text,
    onInput: () => {
      try {
        JSON.parse(area.value);
        note.textContent = '';
      } catch (error) {
        note.textContent = String(error instanceof Error ? error.message : error);
      }
    },
    onChange: () => {
      try {
        changed(JSON.parse(area.value));
      } catch { /* said by the note */ }
    },
  });
  return h('div', { class: 'json' }, area, note);
}

/** @param {string} title @param {...(Node | null | false)} children */
export const section = (title, ...children) => h('section', {}, h('h3', {}, title), children.filter(Boolean));
