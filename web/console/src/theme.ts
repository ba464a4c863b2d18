import {createTheme, type MantineColorsTuple} from '@mantine/core';

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
  components: {
    Tooltip: {defaultProps: {withArrow: true, openDelay: 250, events: {hover: true, focus: true, touch: true}}},
    Modal: {defaultProps: {centered: true, overlayProps: {backgroundOpacity: 0.45, blur: 2}}},
    Paper: {defaultProps: {withBorder: true}},
  },
});
