/** Forms: what is typed and chosen by id, the rules it has to meet, and when mistakes are shown. */

/** @typedef {{rule: string, message?: string}} Rule */

/**
 * @typedef {object} Field
 * @property {string} id
 * @property {() => string} text
 * @property {Rule[]} rules
 * @property {unknown} compare
 */

const LETTERS = /^[A-Za-z .`'/-]{2,32}$/;

/** Stac's own rules; any other text is a regular expression. @type {Record<string, (value: string) => boolean>} */
const RULES = {
  isEmail: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value),
  isName: (value) => LETTERS.test(value),
  isPassword: (value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) && /[^A-Za-z0-9]/.test(value) && value.length >= 8,
  isNotEmpty: (value) => value.trim() !== '',
  compare: () => false,
  isAlpha: (value) => /^[A-Za-z]+$/.test(value),
  isAlphanumeric: (value) => /^[A-Za-z0-9]+$/.test(value),
  isNumeric: (value) => /^\d+$/.test(value),
  isInt: (value) => /^[-+]?\d+$/.test(value),
  isFloat: (value) => /^[-+]?\d*\.?\d+$/.test(value),
  isPhone: (value) => /^\+?[\d ()-]{5,20}$/.test(value),
  isURL: (value) => /^(https?:\/\/)?[\w-]+(\.[\w-]+)+(:\d+)?(\/\S*)?$/.test(value),
};

/** Longer texts are not matched against an author's expression: one that goes astray would stop the page. */
const MOST_MATCHED = 2000;

/** @param {string} rule @param {string} value @returns {boolean} */
export function meets(rule, value) {
  if (Object.hasOwn(RULES, rule)) return RULES[rule](value);
  try {
    return new RegExp(rule, 'u').test(value.slice(0, MOST_MATCHED));
  } catch {
    try {
      return new RegExp(rule).test(value.slice(0, MOST_MATCHED));
    } catch {
      return false;
    }
  }
}

/** The message of the first rule that is not met; null when all are. @param {Rule[]} rules @param {string} value @returns {string | null} */
export function mistake(rules, value) {
  const failed = rules.find((rule) => rule && typeof rule.rule === 'string' && !meets(rule.rule, value));
  return failed ? String(failed.message ?? '') : null;
}

/** The values of one form, which last as long as its screen. */
export class Form {
  /** @type {Map<string, unknown>} */
  values = new Map();

  /** What the last build found in the form. @type {Map<string, {rules: Rule[], value: () => string}>} */
  fields = new Map();

  /** True from the first `validateForm` on: every field then shows its mistake. */
  validated = false;

  /** @type {string | undefined} */
  mode = undefined;

  /** Whether all rules are met. */
  isValid() {
    return [...this.fields.values()].every(({ rules, value }) => mistake(rules, value()) === null);
  }
}

/** What `getFormValue` gives: text, "null" where nothing is. @param {Form | null} form @param {unknown} id */
export const formValue = (form, id) => String(form?.values.get(String(id)) ?? 'null');
