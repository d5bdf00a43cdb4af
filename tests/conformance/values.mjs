/** What the runtime makes of values: `node values.mjs < CASES.json` prints the answer of each case. */

import { readFileSync } from 'node:fs';

const [, , runtime] = process.argv;
const load = (path) => import(`${runtime}/${path}`);
const { cssColor } = await load('theme/colors.js');
const { decoration } = await load('theme/decoration.js');
const { holds } = await load('bindings/condition.js');
const { bind } = await load('bindings/bindings.js');
const { meets } = await load('widgets/forms.js');
const { parseConstraint, parseVersion } = await load('client/versions.js');

const ANSWERS = {
  color: ({ value }) => cssColor(value),
  condition: ({ value }) => holds(value),
  binding: ({ value, roots }) => bind(value, roots),
  rule: ({ rule, value }) => meets(rule, value),
  constraint: ({ constraint, value }) => parseConstraint(constraint)?.(parseVersion(value)) ?? null,
  decoration: ({ value, size }) => decoration(value, { width: size[0], height: size[1] }, { imageUrl: () => '' }),
};

const { cases } = JSON.parse(readFileSync(0, 'utf-8'));
process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, each]) => [name, ANSWERS[each.of](each)]))));
