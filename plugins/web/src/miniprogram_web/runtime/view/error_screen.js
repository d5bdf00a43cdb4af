/** A screen that says what went wrong, in Stac JSON like any other. */

/** Titles by error code; any other has a general one. */
const TITLES = Object.freeze({
  backend_unreachable: 'No connection', backend_timeout: 'The server does not answer', host_not_enabled: 'Not available in this app', delivery_rule_disabled: 'Not available now',
  manifest_context_required: 'More about this app is needed', unsupported_sdk_version: 'This app is too old', incompatible_sdk_version: 'This app is too old', missing_capabilities: 'This app cannot do that',
  unsupported_capability: 'This app cannot do that', artifact_not_found: 'Not found', screen_not_found: 'Screen not found', secure_api_unauthorized: 'Please sign in again', secure_api_forbidden: 'Not allowed',
  access_key_missing: 'Not allowed', access_key_invalid: 'Not allowed', unverified: 'Not from its publisher',
});

/** @param {{code: string, message: string, retry?: any}} problem  retry: an action */
export function errorScreen({ code, message, retry }) {
  const title = TITLES[/** @type {'artifact_not_found'} */ (code)] ?? 'This mini-program is not available';
  const gap = (/** @type {number} */ height) => ({ type: 'sizedBox', height });
  return {
    type: 'scaffold', body: {
      type: 'center', child: {
        type: 'singleChildScrollView', padding: 24, child: {
          type: 'column', mainAxisSize: 'min', children: [
            { type: 'icon', icon: code.startsWith('backend_') ? 'cloud_off' : 'error_outline', size: 48, color: 'error' }, gap(16),
            { type: 'text', data: title, style: 'titleLarge', textAlign: 'center' }, gap(8),
            { type: 'text', data: message, textAlign: 'center', style: { type: 'custom', color: 'onSurfaceVariant' } }, gap(8),
            { type: 'text', data: code, style: 'labelSmall', textAlign: 'center' },
            ...(retry ? [gap(16), { type: 'filledButton', child: { type: 'text', data: 'Retry' }, onPressed: retry }] : []),
          ],
        },
      },
    },
  };
}
