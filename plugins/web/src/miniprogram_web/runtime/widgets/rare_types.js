/** Types of the widgets in `rare.js`, which is loaded when one of them is met. */

export const RARE_TYPES = new Set(['navigationBar', 'sliverAppBar', 'badge', 'tooltip', 'dynamicDataProvider', 'templateBuilder', 'webView', 'carouselView', 'slider', 'dropdownMenu', 'drawer', 'placeholder']);
