/** A value on a line: the browser's own range input, transparent but for its thumb, over a track of ours. */

import { notNegative, number } from '../layout/values.js';
import { themeColor } from '../theme/colors.js';
import { nameOf, setVariables, valueOf } from './choices.js';

/** @import { Build } from './builder.js' */

/** @type {Build<'slider'>} */
export function slider(w) {
  const { node } = w;
  const [least, most] = [number(node.min) ?? 0, number(node.max) ?? 1];
  const { value, choose } = valueOf(w, 'value', Math.min(Math.max(number(node.value) ?? least, least), most));
  const divisions = notNegative(node.divisions);
  const exact = most > least ? (value - least) / (most - least) : 0;
  const part = divisions ? Math.round(exact * divisions) / divisions : exact;
  const colors = {
    active: w.color('activeColor', themeColor('primary')), rest: w.color('inactiveColor', themeColor('surfaceContainerHighest')),
    mark: w.color('inactiveColor', themeColor('onPrimary', 0.38)), restMark: w.color('activeColor', themeColor('onSurfaceVariant', 0.38)), // a mark stands out from its own side
  };
  const track = {
    type: 'fixedBox', height: 48, least: 144,
    look: { paint: (/** @type {HTMLElement} */ element, /** @type {import('../layout/types.js').Box} */ box) => paintTrack(element, box.width, { part, divisions, colors, rightToLeft: w.view.direction === 'rtl' }) },
  };
  const thumb = {
    type: 'sizedBox', look: {
      tag: 'input', className: 'mp-slider',
      attributes: { type: 'range', min: least, max: most, step: divisions ? (most - least) / divisions : 'any', 'aria-label': nameOf(w, 'slider'), title: typeof node.label === 'string' ? node.label : null },
      properties: { value: String(value) },
      paint: setVariables({ thumb: w.color('thumbColor') || w.color('activeColor') }),
      on: {
        input: (/** @type {Event} */ event) => choose(Number(/** @type {HTMLInputElement} */ (event.target).value)),
        change: () => { w.action('onChangeEnd')?.(); }, tapDown: () => { w.action('onChangeStart')?.(); }, click() {},
      },
    },
  };
  return { type: 'stack', clipBehavior: 'none', children: [track, { type: 'positioned', left: 0, top: 0, right: 0, bottom: 0, child: thumb }] };
}

/** Room at each end of a slider's track, for the halo of its thumb. */
const TRACK_ENDS = 24;

/**
 * The track below the thumb: what is chosen, what is left, and a mark for each division.
 * @param {HTMLElement} element @param {number} width
 * @param {{part: number, divisions: number | null, colors: {active: string, rest: string, mark: string, restMark: string}, rightToLeft: boolean}} look
 */
function paintTrack(element, width, { part, divisions, colors, rightToLeft }) {
  const length = Math.max(0, width - 2 * TRACK_ENDS);
  const piece = (/** @type {number} */ start, /** @type {number} */ wide, /** @type {number} */ high, /** @type {string} */ color) => {
    const each = element.ownerDocument.createElement('div');
    const side = `${TRACK_ENDS + start}px`;
    Object.assign(each.style, { position: 'absolute', top: `${24 - high / 2}px`, width: `${wide}px`, height: `${high}px`, borderRadius: `${high / 2}px`, backgroundColor: color, ...(rightToLeft ? { right: side } : { left: side }) });
    element.append(each);
  };
  piece(0, length, 4, colors.rest);
  piece(0, length * part, 6, colors.active);
  for (let at = 0; divisions && at <= divisions && length / divisions > 6; at += 1) piece(1 + (at / divisions) * (length - 4), 2, 2, at / divisions <= part ? colors.mark : colors.restMark);
}
