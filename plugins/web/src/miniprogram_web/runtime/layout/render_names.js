/** Flutter's names for what lays a node out, as its error messages have them. */

const NAMES = Object.freeze({
  row: 'Flex', column: 'Flex', container: 'ConstrainedBox', sizedBox: 'ConstrainedBox', align: 'PositionedBox', center: 'PositionedBox', text: 'Paragraph',
  listView: 'Viewport', gridView: 'Viewport', customScrollView: 'Viewport', sliverFillRemaining: 'SliverFillRemainingWithScrollable',
});

/** @param {any} node */
export function renderName(node) {
  const type = String(node?.type ?? 'box');
  const own = Object.hasOwn(NAMES, type) ? NAMES[/** @type {keyof typeof NAMES} */ (type)] : null;
  return `Render${own ?? type.charAt(0).toUpperCase() + type.slice(1)}`;
}
