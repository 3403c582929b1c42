import type { GlobalThemeOverrides } from 'naive-ui';
import type { Theme } from '../composables/useTheme.js';

/** Naive UI's colours, read from the design tokens of the theme that is on the page. */
export function naiveOverrides(theme: Theme): GlobalThemeOverrides {
  const token = tokenReader(theme);
  return {
    common: {
      primaryColor: token('--accent'),
      primaryColorHover: token('--accent'),
      primaryColorPressed: token('--accent-strong'),
      bodyColor: token('--ground'),
      popoverColor: token('--raised'),
      textColorBase: token('--text'),
      textColor1: token('--text'),
      textColor2: token('--text'),
      textColor3: token('--text-muted'),
      borderColor: token('--border-strong'),
      fontFamily: token('--font'),
      borderRadius: token('--radius'),
      inputColor: token('--panel'),
      tagColor: token('--chip'),
      placeholderColor: token('--text-muted'),
    },
  };
}

/** Naive UI computes with colours, so it needs their values and not `var()`. The theme is set on the root before this is called. */
function tokenReader(_theme: Theme): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}
