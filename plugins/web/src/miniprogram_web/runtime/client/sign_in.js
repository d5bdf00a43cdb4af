/** The form in which a person signs in with e-mail and password: a page of the view, in Stac JSON. */

/** @param {import('../view/view.js').View} view @param {'signIn' | 'signUp'} mode @returns {Promise<{email: string, password: string} | null>} */
export async function askForEmail(view, mode) {
  const label = mode === 'signUp' ? 'Create an account' : 'Sign in';
  const text = (/** @type {string} */ data) => ({ type: 'text', data });
  const field = (/** @type {string} */ id, /** @type {string} */ labelText, /** @type {object} */ more) => ({ type: 'textFormField', id, decoration: { labelText, border: { type: 'outlineInputBorder' } }, ...more });
  const close = (/** @type {any} */ result) => ({ actionType: 'navigate', navigationStyle: 'pop', result });
  const done = view.push({
    type: 'alertDialog', title: text(label), scrollable: true,
    content: {
      type: 'form', child: {
        type: 'column', mainAxisSize: 'min', spacing: 16, crossAxisAlignment: 'stretch', children: [
          field('email', 'E-mail', { keyboardType: 'emailAddress', validatorRules: [{ rule: 'isEmail', message: 'An e-mail address is needed.' }] }),
          field('password', 'Password', { obscureText: true, validatorRules: [{ rule: '.', message: 'A password is needed.' }] }),
          { type: 'filledButton', child: text(label), onPressed: { actionType: 'validateForm', isValid: close('signed') } },
        ],
      },
    },
    actions: [{ type: 'textButton', child: text('Cancel'), onPressed: close(null) }],
  }, { kind: 'dialog', options: { barrierDismissible: false } });
  const page = view.top;
  if ((await done) !== 'signed' || !page) return null;
  const form = [...page.state.entries()].find(([key]) => key.endsWith(' form'))?.[1];
  return { email: String(form?.values.get('email') ?? ''), password: String(form?.values.get('password') ?? '') };
}
