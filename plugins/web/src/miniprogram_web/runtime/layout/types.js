/**
 * The interface of the layout engine, as types only: nothing here runs.
 *
 * Flutter's box protocol: constraints go down, sizes go up, the parent sets the position. `layout()` of `engine.js` takes a tree
 * of nodes and gives a tree of boxes; `paint/` turns boxes into elements, `screen_check.js` only reads the diagnostics.
 *
 * @typedef {object} Constraints  what a parent allows, in logical pixels; a maximum may be Infinity
 * @property {number} minWidth
 * @property {number} maxWidth
 * @property {number} minHeight
 * @property {number} maxHeight
 *
 * @typedef {{width: number, height: number}} Size
 * @typedef {{left: number, top: number, right: number, bottom: number}} Edges
 * @typedef {{x: number, y: number}} Alignment  -1 … 1 on each axis; directions are already resolved
 * @typedef {'ltr' | 'rtl'} Direction
 * @typedef {'minWidth' | 'maxWidth' | 'minHeight' | 'maxHeight'} IntrinsicKind  as in Flutter's getMinIntrinsicWidth and its siblings
 *
 * @typedef {object} NodeMembers
 * @property {string} type  a key of `RULES` in `engine.js`; anything else is laid out as an unknown node
 * @property {LayoutNode | null} [child]
 * @property {LayoutNode[]} [children]
 * @property {LayoutNode[]} [slivers]
 * @property {string} [jsonPath]  where the node stands in the document, when that is not where it stands in this tree: set by
 *   what builds layout nodes out of a widget, so that a diagnostic names the widget
 * @property {string} [infiniteMessage]  what Flutter says of this widget when its size has no end
 * @typedef {NodeMembers & Record<string, any>} LayoutNode  a node of Stac JSON, with the property names of the catalogue; nothing
 *   about the values is checked before
 *
 * @typedef {object} Box  what layout made of a node
 * @property {LayoutNode} node
 * @property {string} path  JSON path of the node
 * @property {number} width
 * @property {number} height
 * @property {PlacedBox[]} children  in painting order
 * @property {number | null} baseline  distance of the first alphabetic baseline from the top
 * @property {'body'} [part]  set on the inner box of a node with a margin: decoration belongs to it
 * @property {boolean} [clips]  what sticks out is not painted
 * @property {Scroll} [scroll]  the box is a viewport; its children stand where they are before scrolling
 * @property {BoxText} [text]  of a text
 * @property {boolean} [hidden]  laid out, but not painted
 * @property {{x: number[], y: number[]}} [grid]  of a table: where its columns and rows begin, and where the last ones end
 *
 * @typedef {object} PlacedBox
 * @property {number} x  inside the parent
 * @property {number} y
 * @property {Box} box
 * @property {{x: number, y: number}} [scale]  factor from the top left corner of the child (FittedBox)
 * @property {number} [opacity]  of a child of a sliver
 * @property {boolean} [sticky]  stays at the start while the rest scrolls
 *
 * @typedef {object} Scroll
 * @property {'horizontal' | 'vertical'} axis
 * @property {boolean} reversed  scrolling starts at the right or at the bottom
 * @property {number} extent  length of everything that can be scrolled
 * @property {number} start  scroll offset before anybody scrolls: 0 but for a page view with an initial page
 * @property {boolean} [pages]  stops at a multiple of `page`
 * @property {number} [page]  length of a page
 *
 * @typedef {object} TextStyle  resolved: a number for each, no theme names
 * @property {number} fontSize  after text scaling
 * @property {number} [height]  line height as a multiple of fontSize; the font's own when absent
 * @property {number} letterSpacing
 * @property {number} wordSpacing
 * @property {number} fontWeight  100 … 900
 * @property {boolean} [even]  what a line is higher than its letters is shared out evenly, as Material's styles have it
 * @property {string} [fontStyle]
 * @property {string} [fontFamily]
 * @property {Record<string, string>} [paint]  CSS properties of the letters that layout has nothing to do with
 *
 * @typedef {object} TextRequest
 * @property {string} text
 * @property {TextStyle} style  of the whole, or of its first letter
 * @property {TextRun[]} [runs]  where it has more than one style, without gaps
 *
 * @typedef {{end: number, style: TextStyle}} TextRun  ends there in the text, counted in UTF-16 units
 *
 * @typedef {object} TextLayout
 * @property {number} width  of the longest line
 * @property {number} height
 * @property {number} baseline
 * @property {TextLine[]} lines  as broken
 * @property {boolean} cut  lines were left out because of maxLines
 *
 * @typedef {{start: number, end: number, width: number, height: number}} TextLine  a part of the text, without the spaces it ends in
 * @typedef {TextLayout & {request: TextRequest}} BoxText
 *
 * @typedef {object} TextMeasurer  see `text_metrics.js` (headless) and `paint/dom_text.js` (browser)
 * @property {(requests: TextRequest[]) => void} prepare  told of all texts of a tree before layout, to measure them in one batch
 * @property {(request: TextRequest) => number} naturalWidth  of the longest line when only line breaks in the text break it
 * @property {(request: TextRequest) => number} longestWord  the least width that breaks no word
 * @property {(request: TextRequest, maxWidth: number, limits?: {maxLines?: number | null, ellipsis?: boolean}) => TextLayout} wrap
 *
 * @typedef {object} Diagnostic
 * @property {string} code  overflow, unbounded_flex, unbounded_viewport, infinite_size, invalid_constraints, misplaced,
 *   negative_padding, invalid_value, no_intrinsics, too_deep,
 *   unknown_type
 * @property {string} path  JSON path of the node
 * @property {string} message  Flutter's own sentence where Flutter has one
 * @property {number} [pixels]  of an overflow
 *
 * @typedef {object} LayoutOptions
 * @property {TextMeasurer} measurer
 * @property {Direction} [direction]  ltr
 * @property {number} [textScale]  1
 * @property {Edges} [safeArea]  what the device covers: read by safeArea
 *
 * @typedef {object} Rule  how one node type behaves; `Context` is in `engine.js`
 * @property {(node: LayoutNode, c: Constraints, path: string, context: import('./engine.js').Context) => Box} layout
 * @property {(node: LayoutNode, kind: IntrinsicKind, extent: number, path: string, context: import('./engine.js').Context) => number} intrinsic
 */
export {};
