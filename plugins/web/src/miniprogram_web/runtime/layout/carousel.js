/** Items of a carousel, as they stand before anybody scrolls (Flutter's CarouselView and its weighted form). */

import { constraints } from './constraints.js';
import { noIntrinsics, viewport } from './scroll.js';
import { nodes } from './values.js';

/** @import { Rule } from './types.js' */

/**
 * With `weights` the viewport is shared by them, and the first item has the greatest, after empty room for smaller ones before it;
 * items beyond are as long as the greatest. Else each is `itemExtent` long, but no longer than the viewport.
 * @type {Rule}
 */
const CAROUSEL = {
  layout: (node, c, path, context) =>
    viewport(node, c, path, context, (s) => {
      /** @type {number[]} */
      const weights = node.weights;
      const unit = s.viewport / (weights.reduce((sum, each) => sum + each, 0) || 1);
      const first = Math.max(0, weights.indexOf(Math.max(...weights)));
      let main = weights.slice(0, first).reduce((sum, each) => sum + each * unit, 0);
      const children = nodes(node.children).map((child, at) => {
        const extent = weights.length ? (weights[first + at] ?? weights[first]) * unit : Math.min(node.itemExtent, s.viewport || Infinity);
        const limits = s.vertical ? constraints(s.cross, s.cross, extent, extent) : constraints(extent, extent, s.cross, s.cross);
        const placed = { main, cross: 0, box: context.layout(child, limits, `${path}.children[${at}]`) };
        main += extent;
        return placed;
      });
      return { extent: main, children };
    }),
  intrinsic: noIntrinsics,
};

/** @type {Record<string, Rule>} */
export const CAROUSEL_RULES = { carousel: CAROUSEL };
