/** The style sheet of the runtime: what inline styles cannot say (states, native controls, animations). All classes begin with mp-. */

const c = (/** @type {string} */ name) => `var(--mp-${name})`;

export const SHEET = `
.mp-root{position:relative;overflow:clip;contain:strict;font-family:Roboto,sans-serif;-webkit-tap-highlight-color:transparent;background:${c('surface')};color:${c('onSurface')};text-size-adjust:none}
.mp-root *,.mp-root *::before,.mp-root *::after{box-sizing:border-box}
.mp-page{position:absolute;inset:0;isolation:isolate}
.mp-page[hidden]{display:none}
.mp-root :is(button,input,textarea,select){font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;outline:0;border-radius:0;appearance:none;text-align:inherit}
.mp-root :is(h1,p){margin:0;font-weight:inherit;font-size:inherit}
.mp-root :is(p,h1){user-select:none;cursor:inherit;tab-size:1}
.mp-root .mp-selectable{user-select:text;cursor:text}
.mp-root button{cursor:pointer}
.mp-root button:disabled{cursor:default}
.mp-icon{font-family:"Material Icons Flutter";font-weight:400;font-style:normal;text-align:center;white-space:nowrap;display:block;direction:ltr;overflow:clip;user-select:none;-webkit-font-smoothing:antialiased}
.mp-cupertino{font-family:"Cupertino Icons Flutter"}
.mp-tap::after{content:"";position:absolute;inset:0;border-radius:inherit;background:currentColor;opacity:0;pointer-events:none;transition:opacity 90ms}
@media (hover:hover){.mp-tap:not(:disabled):hover::after{opacity:.08}}
.mp-tap:focus-visible::after,.mp-tap:has(>.mp-cover:focus-visible)::after{opacity:.1}
.mp-tap:not(:disabled):active:not(:has(.mp-tap:active,input:active))::after{opacity:.12}
.mp-root :is(button,.mp-cover,a,[tabindex]):focus-visible{outline:2px solid ${c('primary')};outline-offset:-2px}
.mp-root .mp-cover{position:absolute;inset:0;border-radius:inherit;display:block;width:100%;height:100%;z-index:1}
.mp-root .mp-cover~* :is(button,input,select,textarea,[tabindex]),.mp-root .mp-cover~:is(button,input,select,textarea,[tabindex]){z-index:2}
.mp-over{position:absolute;inset:0;pointer-events:none}
.mp-page[data-scrolled] .mp-bar-over{background-image:linear-gradient(color-mix(in srgb,${c('surfaceTint')} 8%,transparent) 0 0)}
.mp-unknown{background:${c('errorContainer')};outline:1px dashed ${c('error')};outline-offset:-1px;color:${c('onErrorContainer')}}
.mp-broken{background:${c('surfaceContainerHighest')}}
.mp-dialog{animation:mp-rise 150ms ease-out}
.mp-sheet{animation:mp-slide 250ms cubic-bezier(.05,.7,.1,1)}
.mp-snack{animation:mp-fade 180ms ease-out}
.mp-scrim{animation:mp-fade 150ms linear;outline:0}
@keyframes mp-fade{from{opacity:0}}
@keyframes mp-rise{from{opacity:0;transform:scale(.94)}}
@keyframes mp-slide{from{transform:translateY(100%)}}
.mp-root .mp-input{padding-right:3px;resize:none;overflow:auto;user-select:text;cursor:text;scrollbar-width:none}
.mp-root .mp-input::placeholder{color:${c('onSurfaceVariant')};opacity:1}
.mp-root .mp-input:disabled::placeholder{opacity:.38}
.mp-field-ground,.mp-label{pointer-events:none}
.mp-label{transition:transform 120ms,left 120ms,top 120ms}
.mp-root :is(.mp-check,.mp-radio,.mp-switch){cursor:pointer;display:block}
.mp-root :is(.mp-check,.mp-radio)::before{content:"";position:absolute;left:50%;top:50%;width:40px;height:40px;margin:-20px;border-radius:50%;background:${c('onSurface')};opacity:0;transition:opacity 90ms}
.mp-root :is(.mp-check,.mp-radio):is(:hover,:focus-visible)::before{opacity:.08}
.mp-root .mp-check::after{content:"";position:absolute;left:50%;top:50%;width:18px;height:18px;margin:-9px;border-radius:2px;border:2px solid var(--line,${c('onSurfaceVariant')})}
.mp-root .mp-check:is(:checked,:indeterminate)::after{border-color:var(--active,${c('primary')});background:var(--active,${c('primary')}) }
.mp-root .mp-check:is(:checked,:indeterminate)::after{content:"\\e156";font:400 18px/14px "Material Icons Flutter";-webkit-text-stroke:.5px;text-align:center;text-indent:-2px;color:var(--mark,${c('onPrimary')})}
.mp-root .mp-check:indeterminate::after{content:"\\e516"}
.mp-root .mp-radio::after{content:"";position:absolute;left:50%;top:50%;width:18px;height:18px;margin:-9px;border-radius:50%;border:2px solid ${c('onSurfaceVariant')}}
.mp-root .mp-radio:checked::after{border-color:var(--active,${c('primary')});background:radial-gradient(circle,var(--active,${c('primary')}) 4.25px,transparent 4.75px)}
.mp-root :is(.mp-check,.mp-radio,.mp-switch):disabled{opacity:.38;cursor:default}
.mp-root .mp-switch::before{content:"";position:absolute;left:4px;top:50%;width:52px;height:32px;margin-top:-16px;border-radius:16px;border:2px solid ${c('outline')};background:var(--track-off,${c('surfaceContainerHighest')});transition:background 120ms}
.mp-root .mp-switch::after{content:"";position:absolute;left:12px;top:50%;width:16px;height:16px;margin-top:-8px;border-radius:50%;background:var(--thumb-off,${c('outline')});transition:transform 150ms,background 120ms}
.mp-root .mp-switch:checked::before{border-color:transparent;background:var(--track,${c('primary')})}
.mp-root .mp-switch:checked::after{transform:translateX(20px) scale(1.5);background:var(--thumb-on,${c('onPrimary')})}
[dir=rtl] .mp-switch{scale:-1 1}
.mp-root .mp-apple::before{border:0;width:51px;height:31px;margin-top:-15.5px;background:var(--track-off,#e9e9ea)}
.mp-root .mp-apple:checked::before{background:var(--track,#34c759)}
.mp-root .mp-apple::after{left:6px;width:27px;height:27px;margin-top:-13.5px;background:#fff;box-shadow:0 3px 8px rgb(0 0 0/15%)}
.mp-root .mp-apple:checked::after{transform:translateX(20px);background:#fff}
.mp-root .mp-switch:focus-visible::before{outline:2px solid ${c('primary')};outline-offset:2px}
.mp-root .mp-slider{cursor:pointer;padding:0 14px;display:block}
.mp-root .mp-slider::-webkit-slider-thumb{appearance:none;width:20px;height:20px;border-radius:50%;background:var(--thumb,${c('primary')})}
.mp-root .mp-slider::-moz-range-thumb{border:0;width:20px;height:20px;border-radius:50%;background:var(--thumb,${c('primary')})}
.mp-root .mp-slider:focus-visible::-webkit-slider-thumb{outline:8px solid color-mix(in srgb,${c('primary')} 12%,transparent)}
.mp-root .mp-select{cursor:pointer;text-overflow:ellipsis}
.mp-root .mp-select option{background:${c('surfaceContainer')};color:${c('onSurface')}}
.mp-spin>svg{animation:mp-turn 1.4s linear infinite;display:block;position:absolute;inset:0;margin:auto}
.mp-root svg{width:100%;height:100%;overflow:visible}
@keyframes mp-turn{to{transform:rotate(360deg)}}
.mp-endless>div{animation:mp-run 1.8s ease-in-out infinite}
@keyframes mp-run{from{transform:translateX(-100%)}to{transform:translateX(250%)}}
.mp-pull{overflow:clip}
.mp-pull [style*="overflow"]{overscroll-behavior-y:contain}
.mp-pull>.mp-over{display:none}
.mp-pull[data-pulled]>.mp-over{display:block}
.mp-pull>.mp-over::before{content:"\\e514";position:absolute;left:50%;top:calc(var(--edge) - 40px);width:40px;height:40px;margin-left:-20px;border-radius:50%;font:24px/40px "Material Icons Flutter";text-align:center;background:var(--disc);color:var(--mark);box-shadow:0 1px 3px rgb(0 0 0/30%);opacity:calc(.3 + var(--pull)*.7);transform:translateY(calc(var(--pull)*(40px + var(--stop)))) rotate(calc(var(--pull)*300deg))}
.mp-in{animation:mp-forward 250ms cubic-bezier(.2,0,0,1)}
.mp-back{animation:mp-backward 250ms cubic-bezier(.2,0,0,1)}
@keyframes mp-forward{from{opacity:0;transform:scale(.92)}}
@keyframes mp-backward{from{opacity:.4;transform:scale(1.04)}}
@media (prefers-reduced-motion:reduce){.mp-root *{animation-duration:1ms!important;animation-iteration-count:1!important;transition-duration:1ms!important}}
`;

/** @param {Document | ShadowRoot} target  where the runtime draws */
export function adoptSheet(target) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  target.adoptedStyleSheets = [...target.adoptedStyleSheets, sheet];
}
