/**
 * The browser runtime's answer to layout cases: `node layout_boxes.mjs < CASES.json`, with texts measured by Roboto's widths.
 *
 * Prints, for every case, what a recording holds (`boxes`, `overflow`), the colored boxes in painting order cut to what clips
 * them (`painted`), the diagnostics, and how long layout took.
 */
import { readFileSync } from 'node:fs';
import { layout } from '../../plugins/web/src/miniprogram_web/runtime/layout/engine.js';
import { positions } from '../../plugins/web/src/miniprogram_web/runtime/layout/positions.js';
import { robotoMeasurer } from '../../plugins/web/src/miniprogram_web/runtime/headless/roboto.js';

const measurer = robotoMeasurer();

/** @param {any} entry @param {[number, number]} size */
function answer(entry, size) {
  const [width, height] = entry.size ?? size;
  const started = performance.now();
  const { box, diagnostics } = layout(entry.tree, { minWidth: 0, maxWidth: width, minHeight: 0, maxHeight: height }, {
    measurer, direction: entry.textDirection ?? 'ltr',
  });
  const milliseconds = performance.now() - started;
  /** @type {Record<string, number[]>} */
  const boxes = {};
  const painted = [];
  for (const { box: each, rectangle, visible } of positions(box)) {
    boxes[each.path] ??= [rectangle.x, rectangle.y, rectangle.width, rectangle.height];
    const carriesColor = each.node.color && (each.part === 'body' || !each.node.margin);
    if (carriesColor && visible) painted.push([each.path, visible.x, visible.y, visible.width, visible.height]);
  }
  const overflow = Object.fromEntries(diagnostics.filter(({ code }) => code === 'overflow').map(({ path, pixels }) => [path, pixels]));
  return { boxes, overflow, painted, diagnostics, milliseconds };
}

const { size, cases } = JSON.parse(readFileSync(0, 'utf-8'));
const answers = Object.fromEntries(Object.entries(cases).map(([name, entry]) => [name, answer(entry, size)]));
process.stdout.write(JSON.stringify(answers));
