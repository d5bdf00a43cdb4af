/** Conditions of `conditional`: comparisons, && and ||, arithmetic, and parentheses. No code is run. */

const TOKEN = /\s*(==|!=|>=|<=|&&|\|\||[<>()!+\-*/%]|'[^']*'|"[^"]*"|[^\s=!<>&|()+*/%'"-]+)/y;

/** @param {string} text @returns {string[] | null} */
function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match || found.length > 500) return null;
    found.push(match[1]);
  }
  return found;
}

const LEVELS = [['||'], ['&&'], ['==', '!='], ['>', '<', '>=', '<='], ['+', '-'], ['*', '/', '%']];

/** @param {string} token @returns {any} */
function value(token) {
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  if (/^['"]/.test(token)) return token.slice(1, -1);
  const number = Number(token);
  return Number.isNaN(number) ? token : number;
}

/** @param {string} operator @param {any} a @param {any} b @returns {any} */
function apply(operator, a, b) {
  switch (operator) {
    case '||': return a === true || b === true;
    case '&&': return a === true && b === true;
    case '==': return a === b || String(a) === String(b);
    case '!=': return !(a === b || String(a) === String(b));
    case '>': return a > b;
    case '<': return a < b;
    case '>=': return a >= b;
    case '<=': return a <= b;
    case '+': return typeof a === 'number' && typeof b === 'number' ? a + b : `${a}${b}`;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    default: return a % b;
  }
}

/** Whether a condition holds; null when it cannot be read. @param {unknown} text @returns {boolean | null} */
export function holds(text) {
  if (typeof text === 'boolean') return text;
  const all = tokens(String(text));
  if (!all?.length) return null;
  let at = 0;
  let depth = 0;
  /** @param {number} level @returns {any} */
  const read = (level) => {
    if (level === LEVELS.length) return single();
    let left = read(level + 1);
    while (at < all.length && LEVELS[level].includes(all[at])) left = apply(all[at++], left, read(level + 1));
    return left;
  };
  /** @returns {any} */
  const single = () => {
    if (depth++ > 200) throw new RangeError('too deep');
    const token = all[at++];
    if (token === '!') return single() !== true;
    if (token === '-') return -single();
    if (token !== '(') return value(token ?? 'null');
    const inner = read(0);
    if (all[at++] !== ')') throw new SyntaxError('a parenthesis is not closed');
    return inner;
  };
  try {
    const found = read(0);
    return at === all.length && typeof found === 'boolean' ? found : null;
  } catch {
    return null;
  }
}
