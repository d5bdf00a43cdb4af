/** Controls with a value: checkBox, switch, radio, chip. Native inputs underneath, Material on top. */

import { edges, number } from '../layout/values.js';
import { cssColor, themeColor, withOpacity } from '../theme/colors.js';
import { borderShadows, elevationShadow, shape } from '../theme/decoration.js';
import { iconNode } from './media.js';
import { resolveText, themed } from './scope.js';

/** @import { Build, Widget } from './builder.js' */

/** A value that its form knows by id. @template T @param {Widget} w @param {string} name @param {T} initial */
export function valueOf(w, name, initial) {
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
export const nameOf = (w, fallback) => String(w.node.semanticLabel ?? w.node.label ?? (typeof w.node.id === 'string' ? w.node.id : '') ?? '') || fallback;

/** A native control in a box of a given size, drawn by its class. @param {Widget} w @param {number} width @param {number} height @param {import('../paint/look.js').Look} look */
const control = (w, width, height, look) => ({ type: 'sizedBox', width, height, look: { tag: 'input', ...look } });

/** @param {Record<string, string>} values  names without dashes @returns {Record<string, string>} */
const variables = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value).map(([name, value]) => [`--${name}`, value]));

/** CSS variables cannot be assigned as properties. @param {Record<string, string>} values */
export const setVariables = (values) => (/** @type {HTMLElement} */ element) => {
  for (const [name, value] of Object.entries(variables(values))) element.style.setProperty(name, value);
};

/** @param {Widget} w @param {number} [least] */
const targetSize = (w, least = 48) => (w.node.materialTapTargetSize === 'shrinkWrap' ? 40 : least);

/** @type {Build<'checkBox'>} */
function checkBox(w) {
  const { node } = w;
  const { value, choose } = valueOf(w, 'checked', node.value === undefined ? false : node.value);
  const size = targetSize(w);
  const active = w.color('activeColor') || cssColor(node.fillColor?.primary ?? node.fillColor);
  return control(w, size, size, {
    className: 'mp-check', attributes: { type: 'checkbox', 'aria-label': nameOf(w, 'checkbox'), checked: value === true, autofocus: node.autofocus === true },
    properties: { checked: value === true, indeterminate: value === null && node.tristate === true },
    paint: setVariables({ active: node.isError ? themeColor('error') : active, line: node.isError ? themeColor('error') : '', mark: node.isError ? themeColor('onError') : w.color('checkColor') }),
    on: { change: () => choose(node.tristate ? (value === false ? true : value === true ? null : false) : value !== true), click() {} },
  });
}

/** @type {Build<'switch'>} */
function toggle(w) {
  const { node } = w;
  const { value, choose } = valueOf(w, 'on', node.value === true);
  const cupertino = node.switchType === 'cupertino';
  const thumb = w.color('activeThumbColor') || w.color('activeColor');
  return control(w, cupertino ? 59 : 60, cupertino ? 39 : targetSize(w), {
    className: cupertino ? 'mp-switch mp-apple' : 'mp-switch', attributes: { type: 'checkbox', role: 'switch', 'aria-label': nameOf(w, 'switch'), checked: value, autofocus: node.autofocus === true },
    properties: { checked: value },
    paint: setVariables({
      'thumb-on': thumb || cssColor(node.thumbColor?.primary), track: w.color('activeTrackColor') || cssColor(node.trackColor?.primary) || (thumb && !cupertino ? withOpacity(thumb, 0.5) : ''),
      'thumb-off': w.color('inactiveThumbColor'), 'track-off': w.color('inactiveTrackColor'),
    }),
    on: { change: () => choose(!value), click() {} },
  });
}

/** @type {Build<'radioGroup'>} */
function radioGroup(w) {
  const { value, choose } = valueOf(w, 'chosen', w.node.groupValue);
  return w.native({ look: { attributes: { role: 'radiogroup', 'aria-label': nameOf(w, 'choice') } } }, { group: { value, choose, name: `${w.page.id}${w.path}` } });
}

/** @type {Build<'radio'>} */
function radio(w) {
  const { node } = w;
  const { group } = w.scope;
  const chosen = (group ? group.value : w.raw.groupValue) === node.value && node.value !== undefined;
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

/** @type {Build<'chip'>} */
function chip(w) {
  const { node } = w;
  const own = shape(node.shape);
  const color = themeColor('onSurfaceVariant');
  const style = resolveText(node.labelStyle, themed(w.theme, 'labelLarge', color), w.theme);
  const label = w.slot('label', { text: style, icon: { color, size: 18 } });
  const avatar = w.slot('avatar', { text: style, icon: { color: themeColor('primary'), size: 18 } });
  const removed = w.action('onDeleted');
  const remove = removed || node.deleteIcon ? w.slot('deleteIcon', { icon: { color: w.color('deleteIconColor', color), size: 18 } }) ?? iconNode(w, 'clear', { size: 18, color: w.color('deleteIconColor', color) }) : null;
  const side = node.side ?? own?.side;
  const lines = side ? borderShadows({ strokeAlign: -1, ...side, width: number(side.width) ?? 1 }) : [`inset 0 0 0 1px ${themeColor('outlineVariant')}`];
  const line = side ? number(side.width) ?? 1 : 1;
  const inner = node.padding != null ? edges(node.padding) : edges(8);
  const padding = { left: inner.left + line, top: inner.top + line, right: inner.right + line, bottom: inner.bottom + line };
  const labelPadding = node.labelPadding != null ? edges(node.labelPadding) : edges([8, 0, 8, 0]);
  const picture = (/** @type {any} */ child) => ({ type: 'constrainedBox', constraints: { maxWidth: 20, maxHeight: 20 }, child });
  const close = {
    type: 'container', width: 20, height: 20, alignment: 'center', child: remove ?? undefined,
    look: removed ? { tag: 'button', className: 'mp-tap', css: { borderRadius: '50%' }, attributes: { 'aria-label': String(node.deleteButtonTooltipMessage ?? w.view.words.delete) }, on: { tap: removed } } : {},
  };
  // Material 3 gives a chip no shadow: one is seen only in a color of its own. It lies on the canvas, whatever it stands on.
  const shadow = w.color('shadowColor') && elevationShadow(number(node.elevation) ?? 0, w.color('shadowColor'));
  const box = {
    type: 'container', padding, jsonPath: w.path, constraints: { minHeight: 32, minWidth: 0, maxWidth: 'infinity', maxHeight: 'infinity' },
    look: { css: { backgroundColor: w.color('color') || w.color('backgroundColor', themeColor('surface')), borderRadius: own?.radius ?? '8px', boxShadow: [...lines, ...(shadow ? [shadow] : [])].join(', ') || 'none', color } },
    child: { type: 'toolbarBox', spacing: 0, fits: true, parts: { leading: avatar && picture(avatar), middle: { type: 'padding', padding: labelPadding, child: label ?? { type: 'sizedBox' } }, trailing: remove && close } },
  };
  return node.materialTapTargetSize === 'shrinkWrap' ? box : { type: 'tapTarget', minWidth: 0, child: box };
}

/** @type {Record<string, Build>} */
export const CHOICES = { checkBox, switch: toggle, radio, radioGroup, chip };
