// The environment's colour, made readable: whatever it is, text on it and text in it keep the contrast of WCAG AA.

const text_contrast = 4.5;
const shape_contrast = 1.6;

const parse = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const format = (rgb) => '#' + rgb.map((part) => part.toString(16).padStart(2, '0')).join('');
const mix = (from, to, share) => from.map((part, at) => part + (to[at] - part) * share);

function luminance(rgb) {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Of two #rrggbb: 1 to 21, as WCAG reckons it. */
export const contrast_of = (one, other) => contrast(parse(one), parse(other));

const white = [255, 255, 255];
const black = [0, 0, 0];

const readable_on = (ground) => (contrast(white, ground) >= contrast(black, ground) ? white : black);

/** `colour`, as far towards black or white as it takes to be read on `ground`. */
function readable(colour, ground) {
  const towards = readable_on(ground);
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(colour, towards, share).map(Math.round);
    if (contrast(tried, ground) >= text_contrast) return tried;
  }
  return towards;
}

/** {accent, fill, on_fill} for a page whose ground is `ground`; all #rrggbb. accent: text and lines; fill: buttons. */
export function palette(colour, ground) {
  const own = parse(colour);
  const under = parse(ground);
  const accent = readable(own, under);
  const fill = contrast(own, under) < shape_contrast ? accent : own;
  return {accent: format(accent), fill: format(fill), on_fill: format(readable_on(fill))};
}

/** Colours the page, in light and in dark. The style sheet's own colours stay where there is no brand's. */
export function apply_colour(colour) {
  if (!/^#[0-9a-f]{6}$/i.test(colour || '')) return;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    const style = document.documentElement.style;
    // The ground with the least contrast to what stands on it: a chosen answer's.
    const {accent, fill, on_fill} = palette(colour, dark.matches ? '#262a2f' : '#eceae4');
    style.setProperty('--accent', accent);
    style.setProperty('--fill', fill);
    style.setProperty('--on-fill', on_fill);
  };
  dark.addEventListener('change', paint);
  paint();
}
