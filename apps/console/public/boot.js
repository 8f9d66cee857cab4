// Runs before the first paint, from 'self': no inline script, no flash of the wrong theme.
try {
  const scheme = localStorage.getItem('scani.scheme');
  if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme;
} catch {
  // Storage may be refused in private windows; the system's theme is then right.
}
