/** Controls with a value: checkBox, switch, radio, slider, chip, dropdownMenu. Native inputs underneath, Material on top. */

import { edges, nodes, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { borderShadows, elevationShadow, shape } from '../theme/decoration.js';
import { iconNode } from './media.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @typedef {import('./builder.js').Build} Build @typedef {import('./builder.js').Widget} Widget */

/** A value that its form knows by id. @template T @param {Widget} w @param {string} name @param {T} initial */
function valueOf(w, name, initial) {
  const kept = w.state(name, initial);
  const { form } = w.scope;
  const id = w.node.id === undefined ? null : String(w.node.id);
  if (id !== null) form?.values.set(id, kept.value);
  return {
    value: kept.value,
    choose: (/** @type {T} */ value) => {
      if (id !== null) form?.values.set(id, value);
      kept.set(value);
      w.action('onChanged')?.();
    },
  };
}

/** What a control is called: its own name, else the words of the row that it stands in. @param {Widget} w @param {string} fallback */
const nameOf = (w, fallback) => String(w.node.semanticLabel ?? w.node.label ?? (typeof w.node.id === 'string' ? w.node.id : '') ?? '') || fallback;

/** A native control in a box of a given size, drawn by its class. @param {Widget} w @param {number} width @param {number} height @param {import('../paint/look.js').Look} look */
const control = (w, width, height, look) => ({ type: 'sizedBox', width, height, look: { tag: 'input', ...look } });

/** @param {Record<string, string>} values  names without dashes @returns {Record<string, string>} */
const variables = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value).map(([name, value]) => [`--${name}`, value]));

/** CSS variables cannot be assigned as properties. @param {Record<string, string>} values */
const setVariables = (values) => (/** @type {HTMLElement} */ element) => {
  for (const [name, value] of Object.entries(variables(values))) element.style.setProperty(name, value);
};

/** @param {Widget} w @param {number} [least] */
const targetSize = (w, least = 48) => (w.node.materialTapTargetSize === 'shrinkWrap' ? 40 : least);

/** @type {Build} */
function checkBox(w) {
  const { node } = w;
  const { value, choose } = valueOf(w, 'checked', node.value === undefined ? false : node.value);
  const size = targetSize(w);
  const active = w.color('activeColor') || cssColor(node.fillColor?.primary ?? node.fillColor);
  return control(w, size, size, {
    className: 'mp-check', attributes: { type: 'checkbox', 'aria-label': nameOf(w, 'checkbox'), checked: value === true, autofocus: node.autofocus === true },
    properties: { checked: value === true, indeterminate: value === null && node.tristate === true },
    paint: setVariables({ active: node.isError ? themeColor('error') : active, mark: w.color('checkColor') }),
    on: { change: () => choose(node.tristate ? (value === false ? true : value === true ? null : false) : value !== true), click() {} },
  });
}

/** @type {Build} */
function toggle(w) {
  const { node } = w;
  const { value, choose } = valueOf(w, 'on', node.value === true);
  const cupertino = node.switchType === 'cupertino';
  return control(w, cupertino ? 59 : 60, cupertino ? 39 : targetSize(w), {
    className: cupertino ? 'mp-switch mp-apple' : 'mp-switch', attributes: { type: 'checkbox', role: 'switch', 'aria-label': nameOf(w, 'switch'), checked: value, autofocus: node.autofocus === true },
    properties: { checked: value },
    paint: setVariables({
      'thumb-on': w.color('activeThumbColor') || w.color('activeColor') || cssColor(node.thumbColor?.primary), track: w.color('activeTrackColor') || cssColor(node.trackColor?.primary),
      'thumb-off': w.color('inactiveThumbColor'), 'track-off': w.color('inactiveTrackColor'),
    }),
    on: { change: () => choose(!value), click() {} },
  });
}

/** @type {Build} */
function radioGroup(w) {
  const { value, choose } = valueOf(w, 'chosen', w.node.groupValue);
  return w.native({ look: { attributes: { role: 'radiogroup', 'aria-label': nameOf(w, 'choice') } } }, { group: { value, choose, name: `${w.page.id}${w.path}` } });
}

/** @type {Build} */
function radio(w) {
  const { node } = w;
  const { group } = w.scope;
  const chosen = (group ? group.value : node.groupValue) === node.value && node.value !== undefined;
  const size = targetSize(w);
  const choose = () => {
    group?.choose(chosen && node.toggleable ? null : node.value);
    w.action('onChanged')?.();
  };
  return control(w, size, size, {
    className: 'mp-radio', attributes: { type: 'radio', name: group?.name ?? `${w.page.id}${w.path}`, 'aria-label': nameOf(w, String(node.value ?? 'choice')), checked: chosen, disabled: node.enabled === false },
    properties: { checked: chosen }, paint: setVariables({ active: w.color('activeColor') || w.color('fillColor') }), on: { change: choose, click() {} },
  });
}

/** @type {Build} */
function slider(w) {
  const { node } = w;
  const [least, most] = [number(node.min) ?? 0, number(node.max) ?? 1];
  const { value, choose } = valueOf(w, 'value', Math.min(Math.max(number(node.value) ?? least, least), most));
  const divisions = notNegative(node.divisions);
  const part = most > least ? ((value - least) / (most - least)) * 100 : 0;
  return {
    type: 'fixedBox', height: 48, least: 144,
    look: {
      tag: 'input', className: 'mp-slider',
      attributes: { type: 'range', min: least, max: most, step: divisions ? (most - least) / divisions : 'any', 'aria-label': nameOf(w, 'slider'), title: typeof node.label === 'string' ? node.label : null },
      properties: { value: String(value) },
      paint: setVariables({ part: `${part}%`, active: w.color('activeColor'), rest: w.color('inactiveColor'), thumb: w.color('thumbColor') }),
      on: {
        input: (/** @type {Event} */ event) => choose(Number(/** @type {HTMLInputElement} */ (event.target).value)),
        change: () => { w.action('onChangeEnd')?.(); }, tapDown: () => { w.action('onChangeStart')?.(); }, click() {},
      },
    },
  };
}

/** @type {Build} */
function chip(w) {
  const { node } = w;
  const own = shape(node.shape);
  const color = themeColor('onSurfaceVariant');
  const style = resolveText(node.labelStyle, themed(w.theme, 'labelLarge', color), w.theme);
  const label = w.slot('label', { text: style, icon: { color, size: 18 } });
  const avatar = w.slot('avatar', { text: style, icon: { color: themeColor('primary'), size: 18 } });
  const removed = w.action('onDeleted');
  const remove = removed || node.deleteIcon ? w.slot('deleteIcon', { icon: { color: w.color('deleteIconColor', color), size: 18 } }) ?? iconNode(w, 'cancel', { size: 18, color: w.color('deleteIconColor', color) }) : null;
  const side = node.side ?? own?.side;
  const lines = side ? borderShadows({ strokeAlign: -1, ...side, width: number(side.width) ?? 1 }) : [`inset 0 0 0 1px ${themeColor('outlineVariant')}`];
  const padding = node.padding != null ? edges(node.padding) : edges(8);
  const labelPadding = node.labelPadding != null ? edges(node.labelPadding) : edges([8, 0, 8, 0]);
  const picture = (/** @type {any} */ child) => ({ type: 'constrainedBox', constraints: { maxWidth: 20, maxHeight: 20 }, child });
  const close = {
    type: 'container', width: 20, height: 20, alignment: 'center', child: remove ?? undefined,
    look: removed ? { tag: 'button', className: 'mp-tap', css: { borderRadius: '50%' }, attributes: { 'aria-label': String(node.deleteButtonTooltipMessage ?? w.view.words.delete) }, on: { tap: removed } } : {},
  };
  const parts = [...(avatar ? [picture(avatar)] : []), { type: 'flexible', child: { type: 'padding', padding: labelPadding, child: label ?? { type: 'sizedBox' } } }, ...(remove ? [close] : [])];
  const shadow = elevationShadow(number(node.elevation) ?? 0, cssColor(node.shadowColor));
  const box = {
    type: 'container', padding, jsonPath: w.path, constraints: { minHeight: 32, minWidth: 0, maxWidth: 'infinity', maxHeight: 'infinity' },
    look: { css: { backgroundColor: w.color('color') || w.color('backgroundColor', 'transparent'), borderRadius: own?.radius ?? '8px', boxShadow: [...lines, ...(shadow ? [shadow] : [])].join(', ') || 'none', color } },
    child: { type: 'row', mainAxisSize: 'min', children: parts },
  };
  return node.materialTapTargetSize === 'shrinkWrap' ? box : { type: 'tapTarget', minWidth: 0, child: box };
}

/** @type {Build} */
function dropdownMenu(w) {
  const { node } = w;
  const entries = nodes(node.dropdownMenuEntries);
  const { value, choose } = valueOf(w, 'selected', node.initialSelection);
  const style = resolveText(node.textStyle, themed(w.theme, 'bodyLarge', themeColor('onSurface')), w.theme);
  const at = entries.findIndex((entry) => entry?.value === value);
  const widest = Math.max(0, ...entries.slice(0, 100).map((entry) => w.view.measurer.naturalWidth({ text: String(entry?.label ?? ''), style })));
  const width = notNegative(node.width) ?? Math.max(112, widest + 24 + 48 + 12);
  const label = wordsOf(node.label) || String(node.hintText ?? '') || 'menu';
  const enabled = node.enabled !== false;
  return {
    type: 'stack', jsonPath: w.path, children: [
      {
        type: 'sizedBox', width, height: 56,
        look: {
          tag: 'select', className: 'mp-select', attributes: { 'aria-label': label, disabled: !enabled }, css: { font: `${style.fontWeight} ${style.fontSize * w.view.textScale}px Roboto, sans-serif`, color: enabled ? themeColor('onSurface') : themeColor('onSurface', 0.38) },
          paint: (/** @type {HTMLElement} */ element) => fillSelect(/** @type {HTMLSelectElement} */ (element), entries, at, at < 0 ? String(node.hintText ?? wordsOf(node.label) ?? '') : null),
          properties: { selectedIndex: at < 0 ? 0 : at },
          on: { change: (/** @type {Event} */ event) => choose(entries[/** @type {HTMLSelectElement} */ (event.target).selectedIndex - (at < 0 ? 1 : 0)]?.value), click() {} },
        },
      },
      { type: 'positioned', right: 12, top: 16, child: { ...iconNode(w, 'arrow_drop_down', { size: 24, color: themeColor('onSurfaceVariant') }) } },
    ],
  };
}

/** @param {HTMLSelectElement} select @param {any[]} entries @param {number} at @param {string | null} empty */
function fillSelect(select, entries, at, empty) {
  const add = (/** @type {string} */ text, /** @type {boolean} */ disabled) => {
    const option = select.ownerDocument.createElement('option');
    option.textContent = text;
    option.disabled = disabled;
    select.append(option);
  };
  if (empty !== null) add(empty, true);
  for (const entry of entries) add(String(entry?.label ?? ''), entry?.enabled === false);
  select.selectedIndex = at < 0 ? 0 : at;
}

/** @type {Record<string, Build>} */
export const CHOICES = { checkBox, switch: toggle, radio, radioGroup, slider, chip, dropdownMenu };
