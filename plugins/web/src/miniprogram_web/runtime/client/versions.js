/** Versions and version constraints, as pub_semver reads them (delivery contract, section 5). */

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** @typedef {{numbers: bigint[], pre: string[], build: string[]}} Version */
/** @typedef {{version: Version, inclusive: boolean}} Bound */

/** @param {string} text @returns {Version | null} */
export function parseVersion(text) {
  const match = VERSION.exec(text);
  if (!match || text.endsWith('\n')) return null;
  const numbers = match.slice(1, 4).map(BigInt);
  if (numbers.some((each) => each > 0x7fffffffffffffffn)) return null;
  return { numbers, pre: match[4]?.split('.') ?? [], build: match[5]?.split('.') ?? [] };
}

/** @template T @param {T} a @param {T} b */
const order = (a, b) => (a < b ? -1 : Number(a > b));

/** @param {string[]} a @param {string[]} b */
function comparePart(a, b) {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if (a[at] === undefined || b[at] === undefined) return a[at] === undefined ? -1 : 1;
    const [numeric, other] = [/^\d+$/.test(a[at]), /^\d+$/.test(b[at])];
    const found = numeric && other ? order(BigInt(a[at]), BigInt(b[at])) : numeric !== other ? (numeric ? -1 : 1) : order(a[at], b[at]);
    if (found) return found;
  }
  return 0;
}

/** @param {Version} a @param {Version} b @returns {number} */
export function compare(a, b) {
  for (let at = 0; at < 3; at += 1) if (a.numbers[at] !== b.numbers[at]) return order(a.numbers[at], b.numbers[at]);
  if (a.pre.length !== b.pre.length && (!a.pre.length || !b.pre.length)) return a.pre.length ? -1 : 1;
  return comparePart(a.pre, b.pre) || comparePart(a.build, b.build);
}

/** @param {Version} version @returns {Version} */
const firstPreRelease = ({ numbers }) => ({ numbers, pre: ['0'], build: [] });

/** @param {Version} version @returns {Version} */
function nextBreaking({ numbers: [major, minor] }) {
  return { numbers: major === 0n ? [0n, minor + 1n, 0n] : [major + 1n, 0n, 0n], pre: [], build: [] };
}

/**
 * What a constraint allows; null for a text that is none.
 * @param {string} text @returns {((version: Version) => boolean) | null}
 */
export function parseConstraint(text) {
  const trimmed = text.trim();
  if (trimmed === 'any') return () => true;
  if (trimmed.startsWith('^')) {
    const low = parseVersion(trimmed.slice(1).trim());
    if (!low) return null;
    const high = firstPreRelease(nextBreaking(low));
    return (version) => compare(version, low) >= 0 && compare(version, high) < 0;
  }
  /** @type {Bound | null} */
  let low = null;
  /** @type {Bound | null} */
  let high = null;
  let rest = trimmed;
  if (!rest) return null;
  while (rest) {
    const match = /^(<=|>=|<|>)?\s*(\d[0-9A-Za-z.+-]*)\s*/.exec(rest);
    const version = match && parseVersion(match[2]);
    if (!match || !version) return null;
    rest = rest.slice(match[0].length);
    const [, operator] = match;
    const inclusive = operator !== '<' && operator !== '>';
    if (operator !== '<' && operator !== '<=') low = tighter(low, { version, inclusive }, 1);
    if (operator !== '>' && operator !== '>=') high = tighter(high, { version, inclusive }, -1);
  }
  const last = lowered(low, high);
  return (version) => (!low || within(compare(version, low.version), low.inclusive)) && (!last || within(-compare(version, last.version), last.inclusive));
}

/** @param {number} side @param {boolean} inclusive */
const within = (side, inclusive) => side > 0 || (inclusive && side === 0);

/** @param {Bound | null} old @param {Bound} next @param {1 | -1} direction @returns {Bound} */
function tighter(old, next, direction) {
  if (!old) return next;
  const found = compare(next.version, old.version) * direction;
  return found > 0 || (found === 0 && !next.inclusive) ? next : old;
}

/** An exclusive upper bound excludes its pre-releases too, unless the lower bound is one of them. @param {Bound | null} low @param {Bound | null} high */
function lowered(low, high) {
  if (!high || high.inclusive || high.version.pre.length || high.version.build.length) return high;
  const same = low && low.version.pre.length && low.version.numbers.every((each, at) => each === high.version.numbers[at]);
  return same ? high : { version: firstPreRelease(high.version), inclusive: false };
}
