/** Text fields: textField, textFormField, autocomplete; and the form around them. */

import { addParts } from '../layout/engine.js';
import { INPUT_RULES } from '../layout/input.js';
import { edges, nodes, notNegative, number } from '../layout/values.js';
import { cssColor, themeColor } from '../theme/colors.js';
import { radius } from '../theme/decoration.js';
import { boxConstraints } from '../layout/values.js';
import { fontOf } from '../paint/browser_text.js';
import { Form, mistake } from './forms.js';
import { resolveText, themed } from './scope.js';
import { wordsOf } from './text.js';

/** @import { Build, Widget } from './builder.js' */

/** @type {Build<'form'>} */
export function form(w) {
  const kept = w.state('form', new Form());
  if (!w.page.state.has(`${w.path} form`)) w.page.state.set(`${w.path} form`, kept.value);
  const own = kept.value;
  own.fields.clear();
  own.mode = w.node.autovalidateMode;
  return w.native({}, { form: own });
}

const KEYBOARD = Object.freeze({ number: 'decimal', phone: 'tel', emailAddress: 'email', url: 'url', none: 'none' });
const ENTER = Object.freeze({ done: 'done', go: 'go', search: 'search', send: 'send', next: 'next', previous: 'previous' });

/** What the label and its surroundings look like in each state. @param {any} decoration @param {{focused: boolean, enabled: boolean, wrong: boolean}} state */
export function lineOf(decoration, { focused, enabled, wrong }) {
  const given = wrong ? (focused ? decoration.focusedErrorBorder ?? decoration.errorBorder : decoration.errorBorder)
    : !enabled ? decoration.disabledBorder : focused ? decoration.focusedBorder : decoration.enabledBorder;
  const border = given ?? decoration.border;
  const kind = border?.type === 'none' ? 'none' : border?.type === 'outlineInputBorder' ? 'outline' : 'underline';
  // A filled field has the line of Material's filled ones, whatever its border is, and one that is not that of the outlined ones.
  const color = wrong ? themeColor('error') : !enabled ? themeColor('onSurface', decoration.filled ? 0.38 : 0.12)
    : focused ? themeColor('primary') : themeColor(decoration.filled ? 'onSurfaceVariant' : 'outline');
  return { kind, color: (given && cssColor(given.color)) || color, width: given && notNegative(given.width) !== null && given.width > 0 ? Number(given.width) : focused ? 2 : 1, corners: radius(border?.borderRadius) || '4px' };
}

/** @param {any} decoration @param {string} kind */
export function contentPadding(decoration, kind) {
  if (decoration.isCollapsed) return edges(0);
  if (decoration.contentPadding != null) return edges(decoration.contentPadding);
  const dense = decoration.isDense === true;
  if (kind === 'outline') return { left: 12, right: 12, top: dense ? 16 : 20, bottom: dense ? 8 : 12 };
  const sides = decoration.filled ? 12 : 0;
  return { left: sides, right: sides, top: dense ? 4 : 8, bottom: dense ? 4 : 8 };
}

/** The box that is filled and has the line. @param {Widget} w @param {any} decoration @param {ReturnType<typeof lineOf>} line @param {boolean} enabled */
export function containerLook(w, decoration, line, enabled) {
  const filled = decoration.filled ? cssColor(decoration.fillColor) || (enabled ? themeColor('surfaceContainerHighest') : themeColor('onSurface', 0.04)) : 'transparent';
  const shadow = line.kind === 'outline' ? `inset 0 0 0 ${line.width}px ${line.color}` : line.kind === 'underline' ? `inset 0 -${line.width}px 0 0 ${line.color}` : 'none';
  return { type: 'sizedBox', jsonPath: w.path, look: { className: 'mp-field-ground', css: { backgroundColor: filled, boxShadow: shadow, borderRadius: line.kind === 'underline' ? `${line.corners.split(' ')[0]} ${line.corners.split(' ')[0]} 0 0` : line.corners } } };
}

/** A label that floats covers the outline behind it. @param {any} decoration @param {{kind: string}} line @param {boolean} floats */
export function labelLook(decoration, { kind }, floats) {
  const ground = themeColor('surface');
  return { className: 'mp-label', css: floats && kind === 'outline' && !decoration.filled ? { backgroundColor: ground, boxShadow: `-4px 0 0 ${ground}, 4px 0 0 ${ground}` } : {} };
}

/**
 * A text field. `value` and `type` come from whoever keeps the text.
 * @param {Widget} w @param {{rules?: import('./forms.js').Rule[], options?: string[]}} [more]
 */
function field(w, { rules = [], options } = {}) {
  const { node } = w;
  const decoration = node.decoration && typeof node.decoration === 'object' ? node.decoration : {};
  const { value: typed, set } = w.state('text', `${node.initialValue ?? ''}`);
  const focus = w.state('focus', false);
  const touched = w.state('touched', false);
  const enabled = (node.enabled ?? decoration.enabled ?? true) !== false;
  const { form: around } = w.scope;
  const id = node.id === undefined || node.type === 'textField' ? null : String(node.id);
  const current = () => `${w.page.state.get(`${w.path} text`) ?? node.initialValue ?? ''}`;
  if (around && node.type !== 'textField') {
    if (id !== null) around.values.set(id, typed);
    const compared = rules.map((rule) => (rule?.rule === 'compare' ? { ...rule, rule: `^${escape(String(around.values.get(String(node.compareId)) ?? ''))}$` } : rule));
    around.fields.set(w.path, { rules: compared, value: current });
    rules = compared;
  }
  const mode = node.autovalidateMode ?? around?.mode;
  const shows = around?.validated || mode === 'always' || ((mode === 'onUserInteraction' || mode === 'onUnfocus') && touched.value);
  const error = shows ? mistake(rules, typed) : null;
  const message = error ?? (typeof decoration.errorText === 'string' ? decoration.errorText : null);
  const state = { focused: focus.value, enabled, wrong: message !== null };
  const line = lineOf(decoration, state);
  const style = resolveText(node.style, themed(w.theme, 'bodyLarge', enabled ? themeColor('onSurface') : themeColor('onSurface', 0.38)), w.theme);
  const scaled = { ...style, fontSize: style.fontSize * w.view.textScale };
  const lineHeight = Math.round(scaled.fontSize * (scaled.height ?? 1.172));
  const multiline = node.expands === true || (number(node.maxLines) ?? 1) > 1 || (number(node.minLines) ?? 1) > 1 || node.maxLines === null;
  const written = typed.split('\n').length;
  const lines = multiline ? Math.min(Math.max(written, number(node.minLines) ?? (node.minLines == null ? number(node.maxLines) ?? 1 : 1)), number(node.maxLines) ?? Math.max(written, 1)) : 1;
  const iconColor = message !== null ? themeColor('error') : themeColor('onSurfaceVariant');
  const iconScope = { icon: { color: iconColor, size: 24 }, inBar: iconColor };
  const part = (/** @type {string} */ name, /** @type {object} */ scope = iconScope) => w.builder.build(decoration[name], `${w.path}.decoration.${name}`, { ...w.scope, ...scope });
  const labelText = typeof decoration.labelText === 'string' ? decoration.labelText : '';
  const floats = labelText !== '' || decoration.label ? decoration.floatingLabelBehavior !== 'never' && (focus.value || typed !== '' || decoration.floatingLabelBehavior === 'always') : false;
  const labelColor = message !== null ? themeColor('error') : !enabled ? themeColor('onSurface', 0.38) : focus.value ? themeColor('primary') : themeColor('onSurfaceVariant');
  const ownLabel = resolveText(floats ? decoration.floatingLabelStyle ?? decoration.labelStyle : decoration.labelStyle, themed(w.theme, 'bodyLarge', labelColor), w.theme);
  // A label that floats has the height of its letters.
  const labelStyle = floats ? { ...ownLabel, height: 1 } : ownLabel;
  const inputId = `${w.page.id}-${w.path.replace(/[^\w]/g, '-')}`;
  const hidesLabel = !floats && (typed !== '' || (focus.value && decoration.floatingLabelBehavior === 'never'));
  const label = hidesLabel ? null : labelText ? { ...w.text(labelText, labelStyle, undefined, { softWrap: false, overflow: 'ellipsis' }), look: { tag: 'label', ...labelLook(decoration, line, floats), attributes: { for: inputId } } } : part('label', { text: labelStyle });
  const helperText = message ?? decoration.helperText;
  const minor = (/** @type {string} */ text, /** @type {any} */ own, /** @type {string} */ color, /** @type {object} */ look = {}) =>
    ({ ...w.text(text, resolveText(own, themed(w.theme, 'bodySmall', color), w.theme), undefined, { maxLines: number(decoration[message !== null ? 'errorMaxLines' : 'helperMaxLines']) ?? 2, overflow: 'ellipsis' }), look });
  const most = number(node.maxLength);
  const fixed = (/** @type {string} */ name) => (typeof decoration[`${name}Text`] === 'string' ? w.text(decoration[`${name}Text`], resolveText(decoration[`${name}Style`], { ...style, paint: { color: themeColor('onSurfaceVariant') } }, w.theme)) : part(name, { text: style }));
  const hint = String(node.hintText ?? decoration.hintText ?? '');
  const listId = options ? `${inputId}-list` : null;

  const change = (/** @type {string} */ value) => {
    let next = value;
    for (const formatter of nodes(node.inputFormatters)) next = formatted(formatter, next);
    if (most !== null && node.maxLengthEnforcement !== 'none') next = [...next].slice(0, Math.max(0, most)).join('');
    if (id !== null) around?.values.set(id, next);
    w.page.state.set(`${w.path} touched`, true);
    set(next);
    w.action('onChanged')?.();
    if (options?.includes(next)) w.action('onSelected')?.();
    return next;
  };

  /** @type {import('../paint/look.js').Look} */
  const look = {
    tag: multiline ? 'textarea' : 'input', className: 'mp-input',
    attributes: {
      ...(multiline ? { rows: lines } : { type: node.obscureText || node.keyboardType === 'visiblePassword' ? (node.obscureText ? 'password' : 'text') : 'text' }),
      'data-key': 'field', id: inputId, placeholder: floats || !label ? hint : '', disabled: !enabled, readonly: node.readOnly === true,
      'aria-label': labelText || wordsOf(decoration.label) || hint || (id ?? 'text'), 'aria-invalid': message !== null ? 'true' : null, 'aria-describedby': helperText ? `${inputId}-helper` : null,
      inputmode: KEYBOARD[/** @type {'number'} */ (node.keyboardType)] ?? null, enterkeyhint: ENTER[/** @type {'done'} */ (node.textInputAction)] ?? null,
      autocapitalize: node.textCapitalization === 'none' || !node.textCapitalization ? 'off' : node.textCapitalization, autocomplete: 'off', autocorrect: node.autocorrect === false ? 'off' : null,
      spellcheck: node.enableSuggestions === false ? 'false' : null, autofocus: node.autofocus === true, list: listId, dir: node.textDirection,
    },
    properties: { value: typed },
    css: { font: fontOf(scaled), letterSpacing: `${scaled.letterSpacing}px`, lineHeight: `${lineHeight}px`, ...scaled.paint, textAlign: node.textAlign ?? 'start', caretColor: message !== null ? themeColor('error') : cssColor(node.cursorColor) || themeColor('primary') },
    on: {
      input: (event) => {
        const element = /** @type {HTMLInputElement} */ (event.target);
        const next = change(element.value);
        if (next !== element.value) element.value = next;
      },
      focusin: () => { focus.set(true); },
      focusout: () => { w.page.state.set(`${w.path} touched`, touched.value || mode === 'onUnfocus'); focus.set(false); w.action('onEditingComplete')?.(); },
      keydown: (event) => { if (event.key === 'Enter' && !multiline) w.action('onSubmitted')?.(); },
      click: () => { w.action('onTap')?.(); },
      ...(listId ? {} : {}),
    },
    ...(listId ? { paint: (element) => addOptions(element, listId, options ?? []) } : {}),
  };
  const counter = most !== null ? `${[...typed].length}${most > 0 ? `/${most}` : ''}` : decoration.counterText;
  return {
    type: 'inputBox', border: line.kind, padding: contentPadding(decoration, line.kind), lineHeight, lines, multiline, floats, dense: decoration.isDense === true, filled: decoration.filled === true,
    collapsed: decoration.isCollapsed === true, alignLabelWithHint: decoration.alignLabelWithHint === true, expands: node.expands === true, floatingLabelHeight: (4 + 0.75 * labelStyle.fontSize) * w.view.textScale, inputGap: line.kind === 'outline' ? 4 : decoration.filled ? 4 : 0,
    iconLimits: boxConstraints(decoration.prefixIconConstraints) ?? undefined, suffixLimits: boxConstraints(decoration.suffixIconConstraints) ?? undefined,
    look: { className: 'mp-field' },
    parts: {
      container: containerLook(w, decoration, line, enabled), icon: part('icon'), prefixIcon: centered(part('prefixIcon')), suffixIcon: centered(part('suffixIcon')),
      prefix: floats || !label ? fixed('prefix') : null, suffix: floats || !label ? fixed('suffix') : null, field: { type: 'sizedBox', jsonPath: w.path, look }, label,
      helper: helperText ? minor(String(helperText), message !== null ? decoration.errorStyle : decoration.helperStyle, message !== null ? themeColor('error') : themeColor('onSurfaceVariant'), { attributes: { id: `${inputId}-helper`, role: message !== null ? 'alert' : null } }) : null,
      counter: counter ? minor(String(counter), decoration.counterStyle, themeColor('onSurfaceVariant')) : part('counter'),
    },
  };
}

/** @param {any} child */
const centered = (child) => child && { type: 'align', alignment: 'center', widthFactor: 1, heightFactor: 1, child };

/** @param {string} text */
const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** @param {any} formatter @param {string} text */
function formatted(formatter, text) {
  if (formatter?.mask) return masked(String(formatter.mask), text);
  try {
    const rule = new RegExp(String(formatter?.rule ?? ''), 'g');
    if (formatter?.type === 'allow') return (text.match(rule) ?? []).join('');
    return formatter?.type === 'deny' ? text.replace(rule, '') : text;
  } catch {
    return text;
  }
}

/** @param {string} mask  with # for a digit @param {string} text */
function masked(mask, text) {
  const digits = [...text.replace(/\D/g, '')];
  let made = '';
  for (const char of mask) {
    if (!digits.length) break;
    made += char === '#' ? digits.shift() : char;
  }
  return made;
}

/** @param {HTMLElement} element @param {string} id @param {string[]} options */
function addOptions(element, id, options) {
  const list = element.ownerDocument.createElement('datalist');
  list.id = id;
  for (const option of options.slice(0, 500)) {
    const each = element.ownerDocument.createElement('option');
    each.value = option;
    list.append(each);
  }
  element.append(list);
}

addParts(INPUT_RULES);

/** @type {Record<string, Build>} */
export const INPUTS = {
  form,
  textField: (w) => field(w),
  textFormField: (w) => field(w, { rules: nodes(w.node.validatorRules) }),
  autocomplete: (w) => field(w, { options: nodes(w.node.options).filter((each) => typeof each === 'string') }),
};
