/**
 * Metadata of The Update Framework (specification 1.0): parsed, held to its form, and its signatures verified with WebCrypto.
 * Nothing here asks anybody. What is not understood counts as wrong.
 */

import { sha256 } from '../client/digest.js';

/**
 * @typedef {{keytype: string, scheme: string, keyval: {public: string}}} Key
 * @typedef {{keyids: string[], threshold: number}} Role
 * @typedef {Role & {name: string, paths?: string[], terminating?: boolean}} DelegatedRole
 * @typedef {{version: number, length?: number, hashes?: Record<string, string>}} Listed  how a file is named by another one
 * @typedef {{length: number, hashes: Record<string, string>, custom?: any}} Target
 * @typedef {Record<string, any> & {_type: string, version: number, expires: string}} Signed
 * @typedef {{signed: Signed, signatures: {keyid: string, sig: string}[]}} Metadata
 */

/** Something is not what was signed, or cannot be known to be. */
export class Untrusted extends Error {}

/** @param {string} message @returns {never} */
export function refuse(message) {
  throw new Untrusted(message);
}

const TOP_LEVEL = ['root', 'targets', 'snapshot', 'timestamp'];
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
/** @param {any} value */
const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isCount = (/** @type {any} */ value) => Number.isSafeInteger(value) && value > 0;
const isTexts = (/** @type {any} */ value) => Array.isArray(value) && value.every((each) => typeof each === 'string') && new Set(value).size === value.length;

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function fromHex(text) {
  if (!/^([0-9a-f]{2})+$/.test(text)) refuse('not hexadecimal');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {string} pem @returns {Uint8Array<ArrayBuffer>} */
const fromPem = (pem) => Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, '')), (char) => char.charCodeAt(0));

/** Code points decide, not UTF-16 units. @param {string} left @param {string} right */
function byCodePoint(left, right) {
  const [a, b] = [[...left], [...right]];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = Number(a[at].codePointAt(0)) - Number(b[at].codePointAt(0));
    if (difference) return difference;
  }
  return a.length - b.length;
}

/** OLPC canonical JSON, which is what is signed. @param {any} value @returns {string} */
export function canonical(value) {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : refuse('a number in metadata is no whole one');
  if (typeof value === 'string') return `"${value.replace(/[\\"]/g, '\\$&')}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return `{${Object.keys(value).sort(byCodePoint).map((key) => `${canonical(key)}:${canonical(value[key])}`).join(',')}}`;
}

/** An ECDSA signature on P-256 comes as DER; WebCrypto wants its two numbers side by side. @param {Uint8Array} der */
function rawSignature(der) {
  const raw = new Uint8Array(64);
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2) refuse('not a signature');
  for (const end of [32, 64]) {
    const size = der[at + 1];
    const number = der.slice(at + 2, at + 2 + size);
    const bare = number[0] === 0 ? number.slice(1) : number;
    if (der[at] !== 2 || number.length !== size || bare.length > 32) refuse('not a signature');
    raw.set(bare, end - bare.length);
    at += 2 + size;
  }
  return raw;
}

/**
 * Whether one signature is right. The algorithm is the one that the signed key names, and no other is tried.
 * @param {Key} key @param {string} signature @param {Uint8Array<ArrayBuffer>} data
 */
async function isSignedBy(key, signature, data) {
  const { subtle } = crypto;
  const given = fromHex(signature);
  const kind = `${key.keytype} ${key.scheme}`;
  const name = key.keyval.public;
  if (kind === 'ed25519 ed25519') {
    const imported = await subtle.importKey('raw', fromHex(name), 'Ed25519', false, ['verify']);
    return subtle.verify('Ed25519', imported, given, data);
  }
  if (kind === 'ecdsa ecdsa-sha2-nistp256') {
    const imported = await subtle.importKey('spki', fromPem(name), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, rawSignature(given), data);
  }
  if (kind === 'rsa rsassa-pss-sha256') {
    const imported = await subtle.importKey('spki', fromPem(name), { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['verify']);
    return subtle.verify({ name: 'RSA-PSS', saltLength: 32 }, imported, given, data);
  }
  return false;
}

/**
 * The metadata, if enough keys of a role signed it.
 * @param {Metadata} metadata @param {Record<string, Key>} keys @param {Role} role @param {string} name  for people
 */
export async function requireSigned(metadata, keys, role, name) {
  const { signed, signatures } = metadata;
  const data = encoder.encode(canonical(signed));
  const good = new Set();
  for (const { keyid, sig } of signatures) {
    const key = role.keyids.includes(keyid) && Object.hasOwn(keys, keyid) ? keys[keyid] : null;
    if (key && await isSignedBy(key, sig, data).catch(() => false)) good.add(keyid);
  }
  if (good.size < role.threshold) refuse(`${name} has ${good.size} of ${role.threshold} signatures`);
  return metadata;
}

/** @param {any} role */
const isRole = (role) => isMap(role) && isTexts(role.keyids) && isCount(role.threshold);

/** One file, held to the rules that need no other. @param {Uint8Array} bytes @param {string} type @returns {Metadata} */
export function parse(bytes, type) {
  let metadata;
  try {
    metadata = JSON.parse(decoder.decode(bytes));
  } catch {
    return refuse(`the ${type} cannot be read`);
  }
  const { signed, signatures } = isMap(metadata) ? metadata : {};
  if (!isMap(signed) || signed._type !== type || !/^1\.\d+(\.\d+)?$/.test(signed.spec_version)) refuse(`this is no ${type}`);
  if (!isCount(signed.version) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(signed.expires)) refuse(`the ${type} has no version or no end`);
  if (!Array.isArray(signatures) || !isTexts(signatures.map((each) => each?.keyid)) || !signatures.every((each) => typeof each.sig === 'string')) refuse(`the ${type} has no signatures`);
  const roles = type === 'root' ? TOP_LEVEL.map((name) => signed.roles?.[name]) : signed.delegations?.roles ?? [];
  if (!Array.isArray(roles) || !roles.every(isRole)) refuse(`the ${type} has a role that is none`);
  return metadata;
}

/** @param {Signed} signed @param {number} now  milliseconds */
export function requireFresh({ _type, expires }, now) {
  if (!(Date.parse(expires) > now)) refuse(`the ${_type} has expired on ${expires}`);
}

/** Throws unless `bytes` are what is said of them. To be asked before anything else is done with them. @param {Uint8Array<ArrayBuffer>} bytes @param {{length?: number, hashes?: Record<string, string>}} said @param {string} name */
export async function requireBytes(bytes, { length, hashes = {} }, name) {
  if (length !== undefined && bytes.length !== length) refuse(`${name} is ${bytes.length} bytes long and not ${length}`);
  for (const [algorithm, wanted] of Object.entries(hashes)) {
    if (algorithm !== 'sha256' || await sha256(bytes) !== wanted) refuse(`${name} is not what was signed`);
  }
}
