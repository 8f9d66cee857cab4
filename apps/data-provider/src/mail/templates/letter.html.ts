import type { Block, Letter, Row } from './letter.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (each) => ESCAPES[each] ?? each);

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,monospace';
const SMALL = 'font-size:13px;line-height:20px;color:#697080;';

/**
 * The mail for programs that show HTML: tables and inline styles for old ones, `prefers-color-scheme` for those that know
 * it, no picture and nothing from elsewhere, so that opening a mail tells nobody.
 */
export function htmlOf(letter: Letter): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.title)}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .sheet { background: #0f1115 !important; }
  .card { background: #181b21 !important; border-color: #2a2f39 !important; }
  .line { border-color: #2a2f39 !important; }
  .ink { color: #f3f5f8 !important; }
  .soft { color: #b6bdca !important; }
  .faint { color: #8c94a3 !important; }
  .code { background: #232833 !important; }
}
@media (max-width: 520px) { .card { padding: 28px 22px !important; } }
</style>
</head>
<body class="sheet" style="margin:0;padding:0;background:#f4f5f8;">
<div style="display:none;max-height:0;overflow:hidden;">${escapeHtml(letter.preview)}</div>
<table role="presentation" class="sheet" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f8;">
<tr><td align="center" style="padding:40px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px;">
<tr><td class="ink" style="padding:0 4px 16px;font:700 17px/24px ${FONT};color:#14161a;">Scani</td></tr>
<tr><td class="card" style="padding:36px 36px 32px;border:1px solid #e3e6ec;border-radius:16px;background:#ffffff;font:400 15px/23px ${FONT};">
<h1 class="ink" style="margin:0 0 12px;font-size:22px;line-height:28px;font-weight:650;color:#14161a;overflow-wrap:anywhere;">${escapeHtml(letter.title)}</h1>
${letter.blocks.map(blockHtml).join('\n')}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p class="soft" style="margin:0 0 24px;color:#4a5160;overflow-wrap:anywhere;">${escapeHtml(block.text)}</p>`;
    case 'note':
      return `<p class="faint" style="margin:0 0 8px;${SMALL}overflow-wrap:anywhere;">${escapeHtml(block.text)}</p>`;
    case 'button':
      return buttonHtml(block.lead, block.label, escapeHtml(block.link));
    case 'code':
      return `<p class="soft" style="margin:0 0 10px;color:#4a5160;">${escapeHtml(block.lead)}</p>
<p class="code ink" style="margin:0 0 32px;padding:14px 0;border-radius:10px;background:#f1f3f7;color:#14161a;font:600 28px/34px ${MONO};letter-spacing:4px;text-align:center;">${escapeHtml(block.code)}</p>`;
    case 'rows':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 28px;">
${block.rows.map(rowHtml).join('\n')}
</table>`;
  }
}

const buttonHtml = (lead: string, label: string, link: string): string =>
  `<p class="soft" style="margin:0 0 14px;color:#4a5160;">${escapeHtml(lead)}</p>
<p style="margin:0 0 16px;"><a href="${link}" style="display:inline-block;padding:13px 26px;border-radius:10px;background:#1f5eff;color:#ffffff;font-weight:600;text-decoration:none;">${escapeHtml(label)}</a></p>
<p class="faint" style="margin:0 0 28px;${SMALL}">The button does nothing? Copy this address:<br><a class="faint" href="${link}" style="color:#697080;word-break:break-all;">${link}</a></p>`;

function rowHtml({ name, value, about }: Row): string {
  const small =
    about === undefined
      ? ''
      : `<br><span class="faint" style="font-size:13px;line-height:18px;font-weight:400;color:#697080;">${escapeHtml(about)}</span>`;
  return `<tr><td class="soft line" valign="top" style="padding:9px 12px 9px 0;border-bottom:1px solid #e3e6ec;color:#4a5160;overflow-wrap:anywhere;">${escapeHtml(name)}</td><td class="ink line" valign="top" align="right" style="padding:9px 0;border-bottom:1px solid #e3e6ec;color:#14161a;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere;">${escapeHtml(value)}${small}</td></tr>`;
}
