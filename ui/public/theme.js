// The viewer's theme, before anything is drawn. `?theme=` wins over what was chosen last; dark without either.
(() => {
  const asked = new URLSearchParams(location.search).get('theme');
  let kept = null;
  try {
    kept = localStorage.getItem('metrics-dashboard.theme');
  } catch {
    // Storage may be forbidden; the default theme does then.
  }
  const theme = asked === 'light' || asked === 'dark' ? asked : kept;
  document.documentElement.dataset.theme = theme === 'light' ? 'light' : 'dark';
})();
