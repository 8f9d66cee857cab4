export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (each) => ESCAPES[each] ?? each);

/**
 * The frame of every mail: tables and inline styles for old programs, `prefers-color-scheme` for those that know it, no
 * picture and nothing from elsewhere, so that opening a mail tells nobody.
 */
export function page(parts: { title: string; preview: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(parts.title)}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .sheet { background: #0f1115 !important; }
  .card { background: #181b21 !important; border-color: #2a2f39 !important; }
  .ink { color: #f3f5f8 !important; }
  .soft { color: #b6bdca !important; }
  .faint { color: #8c94a3 !important; }
  .code { background: #232833 !important; }
}
@media (max-width: 520px) { .card { padding: 28px 22px !important; } }
</style>
</head>
<body class="sheet" style="margin:0;padding:0;background:#f4f5f8;">
<div style="display:none;max-height:0;overflow:hidden;">${escapeHtml(parts.preview)}</div>
<table role="presentation" class="sheet" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f8;">
<tr><td align="center" style="padding:40px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px;">
<tr><td class="ink" style="padding:0 4px 16px;font:700 17px/24px system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#14161a;">Scani</td></tr>
<tr><td class="card" style="padding:36px 36px 32px;border:1px solid #e3e6ec;border-radius:16px;background:#ffffff;font:400 15px/23px system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;">${parts.body}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}
