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

/** @param {string} text */
const withoutSpaces = (text) => text.replace(/ +$/, '');

/**
 * Break one line into several of at most `maxWidth`, as Skia's paragraphs do. Spaces at the end of a line count for nothing. A
 * piece that is wider than a whole line is broken between characters, starting where it stands if more than one of them fits
 * there; a last character after which the line may break does not make a piece too wide.
 * @param {string} text @param {number} maxWidth @param {(text: string) => number} widthOf @returns {{text: string, width: number}[]}
 */
export function breakLine(text, maxWidth, widthOf) {
  /** @type {{text: string, width: number}[]} */
  const lines = [];
  let line = '';
  const close = () => {
    const shown = withoutSpaces(line);
    lines.push({ text: shown, width: widthOf(shown) });
    line = '';
  };
  const fits = (/** @type {string} */ wanted) => Math.floor(widthOf(withoutSpaces(wanted)) * 100) / 100 <= maxWidth;
  for (const piece of pieces(text)) {
    let rest = piece;
    while (!fits(line + rest)) {
      const chars = [...rest];
      const word = withoutSpaces(rest);
      const tooLong = !fits(word === rest ? chars.slice(0, -1).join('') : word);
      let count = 0;
      while (count < chars.length && fits(line + chars.slice(0, count + 1).join(''))) count += 1;
      if (line && !(tooLong && count > 1)) {
        close();
        continue;
      }
      count = Math.max(count, 1); // a letter that is wider than the line stands there all the same
      line += chars.slice(0, count).join('');
      rest = chars.slice(count).join('');
      if (withoutSpaces(rest) === '') break;
      close();
    }
    line += rest;
  }
  if (line || !lines.length) close();
  return lines;
}
