/**
 * Stac nodes as Flutter's own widgets, made inside the compiled Flutter client that `record.py` serves.
 *
 * The client is dart2js output: every Dart class has a short name that holds for exactly one build of the client (`record.py`
 * refuses any other). The table below is the only part that knows those names. What is measured is Flutter's render tree:
 * size and position of every box as doubles, no picture in between.
 */
(() => {
  const { A, B, $, t, view, h, g, binding } = globalThis.compiledFlutter;

  const pick = (table) => (name, fallback) => {
    const value = table[name ?? fallback];
    if (value === undefined) throw new Error(`the compiled client has no ${name ?? fallback}`);
    return value;
  };
  const axis = pick({ horizontal: B.U, vertical: B.T });
  const mainAxisAlignment = pick({ start: B.q, end: B.mQ, center: B.be, spaceBetween: B.fl, spaceAround: B.IH, spaceEvenly: B.zJ });
  const crossAxisAlignment = pick({ start: B.b7, end: B.jp, center: B.t, stretch: B.bl, baseline: B.dN });
  const mainAxisSize = pick({ min: B.a8, max: B.z });
  const verticalDirection = pick({ up: B.eS4, down: B.L });
  const direction = pick({ ltr: B.l, rtl: B.ah });
  const flexFit = pick({ tight: B.dz, loose: B.br });
  const stackFit = pick({ loose: B.a9, expand: B.uk, passthrough: B.KG });
  const boxFit = pick({ fill: B.fx, contain: B.hQ, cover: B.k3, fitWidth: B.OL, fitHeight: B.OM, none: B.ON, scaleDown: B.lY });
  const clip = pick({ none: B.k, hardEdge: B.p, antiAlias: B.b2 });
  const wrapAlignment = pick({ start: B.b1, end: B.Ne, center: B.Nf, spaceBetween: B.aET, spaceAround: B.aEU, spaceEvenly: B.aEV });
  const wrapCrossAlignment = pick({ start: B.qw, end: B.aEW, center: B.D7 });
  const cellAlignment = pick({ top: B.pv, middle: B.Bx, bottom: B.eFn, fill: B.amn, intrinsicHeight: B.eFp });
  const textAlign = pick({ right: B.fq, center: B.b8, justify: B.lh, start: B.ak, end: B.nd });
  const textOverflow = pick({ clip: B.aK, fade: B.LC, ellipsis: B.bc, visible: B.BK });
  const fontWeight = pick({ w100: B.xY, w200: B.WW, w300: B.WX, w400: B.M, w500: B.bJ, w600: B.ec, w700: B.ac, w800: B.WZ, w900: B.Hk });
  const textBaseline = pick({ alphabetic: B.N, ideographic: B.bj });

  const ROWS = { top: -1, center: 0, bottom: 1 };
  const number = (value) => (value == null ? null : { infinity: Infinity, maxFinite: Number.MAX_VALUE }[value] ?? Number(value));

  function alignment(name) {
    if (name == null) return null;
    if (typeof name === 'object') return new A.h5(name.dx, name.dy);
    if (name === 'center') return new A.h5(0, 0);
    const [, row, column] = /^(top|center|bottom)(Left|Center|Right|Start|End)$/.exec(name);
    const across = { Left: -1, Start: -1, Center: 0, Right: 1, End: 1 }[column];
    return /Start|End/.test(column) ? new A.kA(across, ROWS[row]) : new A.h5(across, ROWS[row]);
  }

  function edges(value) {
    if (value == null) return null;
    if (typeof value === 'number') return new A.at(value, value, value, value);
    if (Array.isArray(value)) return new A.at(...value);
    return new A.at(value.left ?? 0, value.top ?? 0, value.right ?? 0, value.bottom ?? 0);
  }

  const boxConstraints = (value) =>
    value == null ? null : new A.ak(number(value.minWidth) ?? 0, number(value.maxWidth) ?? Infinity, number(value.minHeight) ?? 0, number(value.maxHeight) ?? Infinity);

  function color(text) {
    const channel = (at) => parseInt(text.slice(at, at + 2), 16) / 255;
    return new A.f(1, channel(1), channel(3), channel(5), B.c);
  }

  /** bodyMedium of Material 3, which surrounds every text of an app; the engine starts from the same. */
  const BODY = { fontSize: 14, height: 1.43, letterSpacing: 0.25 };

  const textStyle = (own) => styleOf({ ...BODY, fontWeight: 'w400', ...own });

  /** What is absent is inherited. */
  function styleOf(style) {
    return new A.m(true, null, null, null, null, null, style.fontSize ?? null, style.fontWeight ? fontWeight(style.fontWeight) : null, null, style.letterSpacing ?? null,
      style.wordSpacing ?? null, null, style.height ?? null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  function textSpan({ data, text, style, children }) {
    const inner = children ? A.d(children.map(textSpan), t.VO) : null;
    return A.d4(inner, null, null, null, null, null, null, null, null, style ? styleOf(style) : null, data ?? text ?? null);
  }

  /** A column width of Flutter's extension point for them; the compiled client holds only some of Flutter's own classes. */
  class FlexColumnWidth extends A.AF {
    constructor(value) { super(); this.value = value; }
    JZ() { return 0; } // minIntrinsicWidth
    JW() { return 0; } // maxIntrinsicWidth
    aeg() { return this.value; } // flex
  }
  class FractionColumnWidth extends A.AF {
    constructor(value) { super(); this.value = value; }
    JZ(_cells, available) { return Number.isFinite(available) ? this.value * available : 0; }
    JW(_cells, available) { return Number.isFinite(available) ? this.value * available : 0; }
    aeg() { return null; }
  }

  function columnWidth(value) {
    switch (value?.type ?? 'flexColumnWidth') {
      case 'fixedColumnWidth': return new A.CS(value.value);
      case 'flexColumnWidth': return new FlexColumnWidth(value?.value ?? 1);
      case 'fractionColumnWidth': return new FractionColumnWidth(value.value);
      case 'intrinsicColumnWidth': return new A.a1T(value.value ?? null);
      default: throw new Error(`no column width ${value.type}`);
    }
  }

  const widgets = (list) => A.d(list, t.p);

  /** Makes widgets; keeps node and key of every box under its JSON path. */
  class Maker {
    boxes = new Map();

    constructor(textDirection) { this.textDirection = textDirection; }

    box(node, path) {
      const key = new A.b_(null, t.A);
      this.boxes.set(path, { node, key });
      return new A.i0(this.widget(node, path), key);
    }

    /** For the one widget whose directional alignment the compiled client cannot resolve any more. */
    resolved(name) {
      const [start, end] = this.textDirection === 'rtl' ? ['Right', 'Left'] : ['Left', 'Right'];
      return alignment(typeof name === 'string' ? name.replace('Start', start).replace('End', end) : name);
    }

    child(node, path, slot = 'child') { return node[slot] ? this.box(node[slot], `${path}.${slot}`) : null; }
    list(node, path, slot = 'children') { return (node[slot] ?? []).map((each, at) => this.item(each, `${path}.${slot}[${at}]`)); }

    /** A child of a multi-child widget. Those that only carry parent data are no boxes. */
    item(node, path) {
      switch (node.type) {
        case 'expanded': return new A.mo(node.flex ?? 1, B.dz, this.child(node, path), null);
        case 'flexible': return new A.fr(node.flex ?? 1, flexFit(node.fit, 'loose'), this.child(node, path), null);
        case 'spacer': return new A.mo(node.flex ?? 1, B.dz, new A.aO(0, 0, null, null), null);
        case 'positioned': return this.positioned(node, path);
        case 'tableCell': return new A.T7(node.verticalAlignment ? cellAlignment(node.verticalAlignment) : null, this.child(node, path), null);
        default: return this.box(node, path);
      }
    }

    positioned(node, path) {
      const side = (name) => number(node[name]);
      const fill = node.positionedType === 'fill' ? 0 : null;
      const rtl = node.textDirection === 'rtl';
      const [left, right] = node.positionedType === 'directional' ? (rtl ? ['end', 'start'] : ['start', 'end']) : ['left', 'right'];
      return new A.lc(side(left) ?? fill, side('top') ?? fill, side(right) ?? fill, side('bottom') ?? fill, side('width'), side('height'), this.child(node, path), null);
    }

    delegate(node, path) { return A.SC(widgets(this.list(node, path)), true, true, true); }

    gridDelegate(node) {
      return new A.aEN(node.crossAxisCount, node.mainAxisSpacing ?? 0, node.crossAxisSpacing ?? 0, node.childAspectRatio ?? 1, node.mainAxisExtent ?? null);
    }

    sliver(node, path) {
      switch (node.type) {
        case 'sliverList': return new A.a7E(this.delegate(node, path), null);
        case 'sliverGrid': return new A.aEM(this.gridDelegate(node), this.delegate(node, path), null);
        case 'sliverPadding': return new A.xe(edges(node.padding), this.sliver(node.sliver, `${path}.sliver`), null);
        case 'sliverToBoxAdapter': return new A.a7H(this.child(node, path), null);
        default: throw new Error(`${path}: the compiled client has no ${node.type}`);
      }
    }

    widget(node, path) {
      const rule = MAKE[node.type];
      if (!rule) throw new Error(`${path}: the compiled client has no ${node.type}`);
      const made = rule.call(this, node, path);
      return !['row', 'column', 'flex'].includes(node.type) && node.textDirection ? new A.oQ(direction(node.textDirection), made, null) : made;
    }
  }

  const flex = (Widget, way) =>
    function (node, path) {
      return new Widget(way, mainAxisAlignment(node.mainAxisAlignment, 'start'), mainAxisSize(node.mainAxisSize, 'max'),
        crossAxisAlignment(node.crossAxisAlignment, 'center'), node.textDirection ? direction(node.textDirection) : null,
        verticalDirection(node.verticalDirection, 'down'), node.crossAxisAlignment === 'baseline' ? textBaseline(node.textBaseline, 'alphabetic') : null,
        node.spacing ?? 0, widgets(this.list(node, path)), null);
    };

  const MAKE = {
    row: flex(A.Es, B.U),
    column: flex(A.O1, B.T),
    flex(node, path) { return flex(A.CX, axis(node.direction, 'horizontal')).call(this, node, path); },
    container(node, path) {
      return A.bW(alignment(node.alignment), this.child(node, path), B.k, node.color ? color(node.color) : null, boxConstraints(node.constraints), null, null,
        number(node.height), null, edges(node.margin), edges(node.padding), null, null, number(node.width));
    },
    coloredBox(node, path) { return A.lC(this.child(node, path), color(node.color), true); },
    sizedBox(node, path) { return new A.aO(number(node.width), number(node.height), this.child(node, path), null); },
    constrainedBox(node, path) { return new A.cW(boxConstraints(node.constraints), this.child(node, path), null); },
    limitedBox(node, path) { return new A.Q_(number(node.maxWidth) ?? Infinity, number(node.maxHeight) ?? Infinity, this.child(node, path), null); },
    padding(node, path) { return new A.aE(edges(node.padding), this.child(node, path), null); },
    center(node, path) { return new A.lB(B.r, node.widthFactor ?? null, node.heightFactor ?? null, this.child(node, path), null); },
    align(node, path) { return new A.cG(alignment(node.alignment ?? 'center'), node.widthFactor ?? null, node.heightFactor ?? null, this.child(node, path), null); },
    fittedBox(node, path) { return new A.atu(boxFit(node.fit, 'contain'), this.resolved(node.alignment ?? 'center'), clip(node.clipBehavior, 'none'), this.child(node, path), null); },
    aspectRatio(node, path) { return new A.BS(node.aspectRatio ?? 1, this.child(node, path), null); },
    intrinsicWidth(node, path) { return new A.PN(null, this.child(node, path), null); },
    intrinsicHeight(node, path) { return new A.zu(this.child(node, path), null); },
    offstage(node, path) { return new A.QT(node.offstage ?? true, this.child(node, path), null); },
    opacity(node, path) { return new A.aA_(node.opacity, this.child(node, path), null); },
    clipRRect(node, path) { return new A.NS(null, B.b2, this.child(node, path), null); },
    stack(node, path) {
      return new A.cm(alignment(node.alignment ?? 'topStart'), null, stackFit(node.fit, 'loose'), clip(node.clipBehavior, 'hardEdge'), widgets(this.list(node, path)), null);
    },
    wrap(node, path) {
      return new A.aJo(axis(node.direction, 'horizontal'), wrapAlignment(node.alignment, 'start'), node.spacing ?? 0, wrapAlignment(node.runAlignment, 'start'),
        node.runSpacing ?? 0, wrapCrossAlignment(node.crossAxisAlignment, 'start'), widgets(this.list(node, path)), null);
    },
    table(node, path) {
      const rows = node.children.map((row, at) => new A.ll(null, null, widgets(this.list(row, `${path}.children[${at}]`))));
      const widths = A.iu(null, null, null, t.S, t.PA);
      for (const [column, width] of Object.entries(node.columnWidths ?? {})) widths.p(0, Number(column), columnWidth(width));
      return new A.L2(A.d(rows, t.i5 ?? t.p), widths, columnWidth(node.defaultColumnWidth), null, cellAlignment(node.defaultVerticalAlignment, 'top'), null, null);
    },
    text(node) {
      const span = node.children ? textSpan({ ...node, style: undefined }) : null;
      return new A.mF(span ? null : node.data, span, textStyle(node.style), null, node.textAlign ? textAlign(node.textAlign) : null, null, node.softWrap ?? null,
        node.overflow ? textOverflow(node.overflow) : null, node.textScaleFactor ? new A.fC(node.textScaleFactor) : null, node.maxLines ?? null, null, null);
    },
    listView(node, path) {
      return A.IB(null, widgets(this.separated(node, path)), B.p, null, null, edges(node.padding), null, null, node.reverse ?? false,
        axis(node.scrollDirection, 'vertical'), null, node.shrinkWrap ?? false);
    },
    gridView(node, path) {
      return new A.I2(this.gridDelegate(node), this.delegate(node, path), edges(node.padding), axis(node.scrollDirection, 'vertical'), node.reverse ?? false,
        null, null, null, null, node.shrinkWrap ?? false, null, 0, null, null, node.children?.length ?? 0, B.hy, B.J, null, null, B.p, B.b5, null);
    },
    customScrollView(node, path) {
      const slivers = node.slivers.map((each, at) => this.sliver(each, `${path}.slivers[${at}]`));
      return new A.a_f(widgets(slivers), axis(node.scrollDirection, 'vertical'), node.reverse ?? false, null, null, null, null, node.shrinkWrap ?? false, null,
        node.anchor ?? 0, null, null, null, B.hy, B.J, null, null, B.p, B.b5, null);
    },
    singleChildScrollView(node, path) {
      return new A.Sz(axis(node.scrollDirection, 'vertical'), edges(node.padding), null, null, this.child(node, path), B.J, B.p, null, null);
    },
    pageView(node, path) {
      const pages = A.a4g(node.initialPage ?? 0, true, node.viewportFraction ?? 1);
      return A.cKn(false, widgets(this.list(node, path)), B.p, pages, B.J, null, node.padEnds ?? true, true, null, node.reverse ?? false, axis(node.scrollDirection, 'horizontal'));
    },
  };

  Maker.prototype.separated = function (node, path) {
    const children = this.list(node, path);
    if (!node.separator) return children;
    // ListView.separated builds its separator anew between every two children.
    return children.flatMap((child, at) => (at ? [this.box(node.separator, `${path}.separator[${at - 1}]`), child] : [child]));
  };

  const rounded = (value) => Math.round(value * 1e4) / 1e4;
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

  /** [x, y, width, height] on the page, transforms (FittedBox) included; null when Flutter did not build or lay out the box. */
  function rectangle(key) {
    const element = $.af.a9$.x.h(0, key);
    const box = element?.gag();
    if (!box?.fy) return null;
    const { a: width, b: height } = box.gC(0), { a: m } = box.bP(0, null);
    if (m[0] === 0 || m[5] === 0) return null; // inside a FittedBox that has no room
    return [m[12], m[13], width * m[0], height * m[5]].map(rounded);
  }

  /** How far a row or column sticks out, which debug builds stripe and name. */
  const overflow = (key) => $.af.a9$.x.h(0, key)?.gag()?.aI;

  /**
   * Lay out `tree` inside 0…width × 0…height at the top left.
   * @returns {Promise<{boxes: Record<string, number[]>, overflow?: Record<string, number>}>}
   */
  globalThis.drawWithFlutter = async (tree, [width, height], { textDirection = 'ltr' } = {}) => {
    const maker = new Maker(textDirection);
    const content = new A.cW(new A.ak(0, width, 0, height), maker.box(tree, '$'), null);
    const root = new A.oQ(direction(textDirection), new A.cG(new A.h5(-1, -1), null, null, content, null), null);
    A.cRA(new A.Lt(view, new A.i0(root, new A.b_(null, t.A)), h, g, null), binding, 'runApp');
    const outermost = maker.boxes.get('$').key;
    for (let tries = 0; tries < 50 && !rectangle(outermost); tries += 1) await frame();
    if (!rectangle(outermost)) throw new Error('Flutter did not lay the tree out');
    await frame();
    const found = { boxes: {}, overflow: {} };
    for (const [path, { node, key }] of maker.boxes) {
      const box = rectangle(key);
      if (box) found.boxes[path] = box;
      const isFlex = ['row', 'column', 'flex'].includes(node.type);
      if (isFlex && overflow(key) > 1e-10) found.overflow[path] = rounded(overflow(key));
    }
    if (!Object.keys(found.overflow).length) delete found.overflow;
    return found;
  };
})();
