/** Where a text may be broken into lines: after spaces, hyphens, dashes and slashes, and between ideographs. */

const IDEOGRAPH = /[⺀-鿿ꀀ-꓏가-힯豈-﫿︰-﹏！-｠]/u;
/** No line starts with one of these. */
const NOT_FIRST = /[)\]}!?,.;:/"'’”»%、。，．！？：；）」』】〉》…\u00a0]/u;
/** A line may end after one of these; after a hyphen or a slash not when a number follows. */
const BREAKS_AFTER = /[!?|}–—\u200b]/u;
const BREAKS_BEFORE_LETTER = /[-/]/u;
const DIGIT = /[0-9]/;

/** Whether a line may break between two characters, the first of which is no space (Unicode's line breaking, in short). @param {string} char @param {string} next */
function mayBreak(char, next) {
  if (NOT_FIRST.test(next)) return false;
  if (BREAKS_AFTER.test(char) || next === '—') return true;
  if (BREAKS_BEFORE_LETTER.test(char)) return !DIGIT.test(next);
  return IDEOGRAPH.test(char) || IDEOGRAPH.test(next);
}

/**
 * The pieces of a line between which it may break. Spaces belong to the piece before them.
 * @param {string} text  without line breaks @returns {string[]}
 */
export function pieces(text) {
  const found = [];
  let piece = '';
  const chars = [...text];
  chars.forEach((char, at) => {
    piece += char;
    const next = chars[at + 1];
    if (next === undefined || next === ' ' || (char !== ' ' && !mayBreak(char, next))) return;
    found.push(piece);
    piece = '';
  });
  if (piece) found.push(piece);
  return found;
}

/** Characters, more than any line has that somebody reads. */
const LONG = 512;

/**
 * Break one line into several of at most `maxWidth`, as Skia's paragraphs do. Spaces at the end of a line count for nothing. A
 * piece that is wider than a whole line is broken between characters, starting where it stands if more than one of them fits
 * there; a last character after which the line may break does not make a piece too wide.
 * @param {string} text @param {number} maxWidth @param {(start: number, end: number) => number} widthOf  of a part of `text`
 * @returns {{start: number, end: number, width: number}[]}
 */
export function breakLine(text, maxWidth, widthOf) {
  /** @type {{start: number, end: number, width: number}[]} */
  const lines = [];
  let start = 0;
  let end = 0;
  const shown = (/** @type {number} */ from, /** @type {number} */ to) => {
    while (to > from && text[to - 1] === ' ') to -= 1;
    return to;
  };
  const fitsWhole = (/** @type {number} */ from, /** @type {number} */ to) => Math.floor(widthOf(from, shown(from, to)) * 100) / 100 <= maxWidth;
  // Of a very long piece its beginning tells already: else every line would measure all that is left.
  const fits = (/** @type {number} */ from, /** @type {number} */ to) => (to - from <= LONG || fitsWhole(from, from + LONG)) && fitsWhole(from, to);
  const close = () => {
    const last = shown(start, end);
    lines.push({ start, end: last, width: widthOf(start, last) });
    start = end;
  };
  for (const piece of pieces(text)) {
    const pieceEnd = end + piece.length;
    /** @type {string[] | null} */
    let chars = null;
    let at = 0; // where `end` is in them
    while (!fits(start, pieceEnd)) {
      chars ??= [...piece];
      const wordEnd = shown(end, pieceEnd);
      const tooLong = !fits(end, wordEnd === pieceEnd ? pieceEnd - /** @type {string} */ (chars.at(-1)).length : wordEnd);
      let next = end;
      let count = 0;
      while (at + count < chars.length && fits(start, next + chars[at + count].length)) next += chars[at + count++].length;
      if (end > start && !(tooLong && count > 1)) {
        close();
        continue;
      }
      end = count ? next : end + chars[at].length; // a letter that is wider than the line stands there all the same
      at += count || 1;
      if (shown(end, pieceEnd) === end) break;
      close();
    }
    end = pieceEnd;
  }
  if (end > start || !lines.length) close();
  return lines;
}
