import {createTheme, defaultVariantColorsResolver, parseThemeColor, type CSSVariablesResolver, type MantineColorsTuple} from '@mantine/core';

const post: MantineColorsTuple = ['#eef1ff', '#dbe1fb', '#b4bff0', '#8a9ce6', '#677edd', '#516bd8', '#4661d6', '#3751be', '#2e48ab', '#223d97'];

export const theme = createTheme({
  primaryColor: 'post',
  primaryShade: {light: 7, dark: 5},
  colors: {post},
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {fontWeight: '650', sizes: {h1: {fontSize: '1.45rem', lineHeight: '1.3'}, h2: {fontSize: '1.05rem', lineHeight: '1.4'}}},
  // Mantine's own tints are too faint to read for many: text on a tint is darker, or in the dark lighter.
  // So is white on its red: buttons that destroy are darker.
  variantColorResolver: (input) => {
    const plain = defaultVariantColorsResolver(input);
    const {isThemeColor, color} = parseThemeColor({color: input.color ?? input.theme.primaryColor, theme: input.theme});
    if (color === 'red' && input.variant === 'filled') return {...plain, background: 'var(--mantine-color-red-9)', hover: '#b02525', color: 'var(--mantine-color-white)'};
    if (!isThemeColor || (input.variant !== 'light' && input.variant !== 'outline' && input.variant !== 'subtle')) return plain;
    const text = `light-dark(var(--posthorn-${color}-text, var(--mantine-color-${color}-9)), var(--mantine-color-${color}-3))`;
    const tint = `light-dark(var(--mantine-color-${color}-1), color-mix(in srgb, var(--mantine-color-${color}-7) 24%, transparent))`;
    return {...plain, color: text, ...(input.variant === 'light' && {background: tint})};
  },
  components: {
    Tooltip: {defaultProps: {withArrow: true, openDelay: 250, events: {hover: true, focus: true, touch: true}}},
    Modal: {defaultProps: {centered: true, closeButtonProps: {'aria-label': 'Close'}, overlayProps: {backgroundOpacity: 0.45, blur: 2}}},
    Drawer: {defaultProps: {closeButtonProps: {'aria-label': 'Close'}}},
    Badge: {styles: {root: {flex: 'none', overflow: 'visible', verticalAlign: 'middle'}, label: {overflow: 'visible'}}},
    Paper: {defaultProps: {withBorder: true}},
  },
});

export const readable: CSSVariablesResolver = () => ({
  variables: {'--posthorn-yellow-text': '#7a4300', '--posthorn-orange-text': '#a33a00', '--posthorn-teal-text': '#066649', '--posthorn-cyan-text': '#0b5a69'},
  light: {'--mantine-color-anchor': 'var(--mantine-color-post-7)', '--mantine-color-dimmed': '#5b6370', '--mantine-color-placeholder': '#6b7280', '--mantine-color-error': '#c92a2a'},
  dark: {'--mantine-color-anchor': 'var(--mantine-color-post-3)', '--mantine-color-dimmed': '#a6adb8', '--mantine-color-placeholder': '#949ba6'},
});
