/** Rows and columns of cells: table, tableCell. Flutter's RenderTable and its column widths. */

import { constrain, tightFor } from './constraints.js';
import { misplaced } from './misplaced.js';
import { nodes, notNegative } from './values.js';

/** @typedef {import('./types.js').Rule} Rule @typedef {import('./engine.js').Context} Context */

/** @typedef {{node: any, path: string, align: string}} Cell */

const TOLERANCE = 1e-10;

/** The cells, row by row. @param {any} node @param {string} path @returns {Cell[][]} */
function rowsOf(node, path) {
  return nodes(node.children).map((/** @type {any} */ row, /** @type {number} */ r) =>
    nodes(row?.children).map((/** @type {any} */ child, /** @type {number} */ at) => {
      const own = `${path}.children[${r}].children[${at}]`;
      const standard = node.defaultVerticalAlignment ?? 'top';
      if (child?.type !== 'tableCell') return { node: child, path: own, align: standard };
      return { node: child.child ?? { type: 'sizedBox' }, path: `${child.jsonPath ?? own}.child`, align: child.verticalAlignment ?? standard };
    }));
}

/**
 * What a column wants: least and best width, and its share of what is left over.
 * @param {any} width @param {Cell[]} cells @param {number} available @param {Context} context
 * @returns {{min: number, width: number, flex: number | null}}
 */
function columnOf(width, cells, available, context) {
  const value = notNegative(width?.value);
  switch (width?.type ?? 'flexColumnWidth') {
    case 'fixedColumnWidth': return { min: value ?? 0, width: value ?? 0, flex: null };
    case 'fractionColumnWidth': {
      const part = Number.isFinite(available) ? (value ?? 0) * available : 0;
      return { min: part, width: part, flex: null };
    }
    case 'intrinsicColumnWidth': {
      const widest = (/** @type {'minWidth' | 'maxWidth'} */ kind) =>
        Math.max(0, ...cells.map((cell) => context.intrinsic(cell.node, kind, Infinity, cell.path)));
      return { min: widest('minWidth'), width: widest('maxWidth'), flex: value };
    }
    default: return { min: 0, width: 0, flex: value ?? 1 };
  }
}

/** @param {any} node @param {Cell[][]} rows @param {number} least @param {number} most @param {Context} context */
function columnsOf(node, rows, least, most, context) {
  return (rows[0] ?? []).map((_, at) =>
    columnOf(node.columnWidths?.[at] ?? node.defaultColumnWidth, rows.flatMap((row) => row[at] ?? []), most, context));
}

/**
 * The width of each column: what they want, stretched to the table's least width, or shrunk to its most.
 * @param {any} node @param {Cell[][]} rows @param {number} least @param {number} most @param {Context} context
 */
function columnWidths(node, rows, least, most, context) {
  const columns = columnsOf(node, rows, least, most, context);
  const total = () => columns.reduce((sum, column) => sum + column.width, 0);
  const factors = columns.reduce((sum, column) => sum + (column.flex ?? 0), 0);
  if (factors > 0) {
    const target = Number.isFinite(most) ? most : least;
    if (total() < target) {
      const left = target - columns.reduce((sum, column) => sum + (column.flex === null ? column.width : 0), 0);
      for (const column of columns) {
        if (column.flex !== null) column.width = Math.max(column.width, (left * column.flex) / factors);
      }
    }
  } else if (total() < least) {
    const more = (least - total()) / columns.length;
    for (const column of columns) column.width += more;
  }
  if (total() > most) shrink(columns, total() - most, factors);
  return columns.map((column) => column.width);
}

/**
 * Take `deficit` away: from flexible columns by factor, then evenly, none below its least width.
 * @param {{min: number, width: number, flex: number | null}[]} columns @param {number} deficit @param {number} factors
 */
function shrink(columns, deficit, factors) {
  let available = columns.length;
  while (deficit > TOLERANCE && factors > TOLERANCE) {
    let left = 0;
    for (const column of columns) {
      if (column.flex === null) continue;
      const narrower = column.width - (deficit * column.flex) / factors;
      if (narrower <= column.min) {
        deficit -= column.width - column.min;
        column.width = column.min;
        column.flex = null;
        available -= 1;
      } else {
        deficit -= column.width - narrower;
        column.width = narrower;
        left += column.flex;
      }
    }
    factors = left;
  }
  while (deficit > TOLERANCE && available > 0) {
    const part = deficit / available;
    available = 0;
    for (const column of columns) {
      const spare = column.width - column.min;
      if (spare <= 0) continue;
      const taken = Math.min(spare, part);
      deficit -= taken;
      column.width -= taken;
      if (taken < spare) available += 1;
    }
  }
}

/** @param {Cell[]} row @param {number[]} widths @param {Context} context */
function layoutRow(row, widths, context) {
  const boxes = row.map((cell, at) => (cell.align === 'fill' ? null : context.layout(cell.node, tightFor(widths[at]), cell.path)));
  const onLine = (/** @type {number} */ at) => row[at].align === 'baseline' && boxes[at]?.baseline != null;
  const ascent = Math.max(-Infinity, ...boxes.map((box, at) => (onLine(at) ? /** @type {number} */ (box?.baseline) : -Infinity)));
  const descent = Math.max(-Infinity, ...boxes.map((box, at) => (onLine(at) ? /** @type {any} */ (box).height - /** @type {any} */ (box).baseline : -Infinity)));
  const height = Math.max(0, ascent > -Infinity ? ascent + descent : 0, ...boxes.map((box) => box?.height ?? 0));
  const cells = row.map((cell, at) => {
    if (cell.align === 'fill' || cell.align === 'intrinsicHeight') {
      return { y: 0, box: context.layout(cell.node, tightFor(widths[at], height), cell.path) };
    }
    const box = /** @type {import('./types.js').Box} */ (boxes[at]);
    if (onLine(at)) return { y: ascent - /** @type {number} */ (box.baseline), box };
    const below = height - box.height;
    return { y: cell.align === 'middle' ? below / 2 : cell.align === 'bottom' ? below : 0, box };
  });
  return { height, cells, ascent };
}

/** @type {Rule} */
const TABLE = {
  layout(node, c, path, context) {
    const rows = rowsOf(node, path);
    const counts = new Set(rows.map((row) => row.length));
    if (counts.size > 1) context.report('misplaced', path, 'Table contains irregular row lengths.');
    const widths = columnWidths(node, rows, c.minWidth, c.maxWidth, context);
    const whole = widths.reduce((sum, width) => sum + width, 0);
    const rightToLeft = (node.textDirection ?? context.direction) === 'rtl';
    let left = 0;
    const lefts = widths.map((width) => {
      left += width;
      return rightToLeft ? whole - left : left - width;
    });
    /** @type {import('./types.js').PlacedBox[]} */
    const placed = [];
    let top = 0;
    let baseline = null;
    const tops = [0];
    for (const row of rows) {
      const { height, cells, ascent } = layoutRow(row.slice(0, widths.length), widths, context);
      cells.forEach(({ y, box }, at) => placed.push({ x: lefts[at], y: top + y, box }));
      if (top === 0 && ascent > -Infinity) baseline = ascent;
      top += height;
      tops.push(top);
    }
    const edges = [...lefts, rightToLeft ? whole : left].sort((a, b) => a - b);
    return { grid: { x: edges, y: tops }, node, path, ...constrain(c, whole, top), children: placed, baseline };
  },

  intrinsic(node, kind, extent, path, context) {
    const rows = rowsOf(node, path);
    if (kind === 'minWidth' || kind === 'maxWidth') {
      return columnsOf(node, rows, 0, Infinity, context).reduce((sum, column) => sum + (kind === 'minWidth' ? column.min : column.width), 0);
    }
    const exact = Number.isFinite(extent);
    const widths = columnWidths(node, rows, exact ? extent : 0, exact ? extent : Infinity, context);
    return rows.reduce((sum, row) =>
      sum + Math.max(0, ...row.map((cell, at) => context.intrinsic(cell.node, 'maxHeight', widths[at], cell.path))), 0);
  },
};

/** @type {Record<string, Rule>} */
export const TABLE_RULES = { table: TABLE, tableCell: misplaced('TableCell', 'a table row') };
