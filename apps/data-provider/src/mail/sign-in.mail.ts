import { escapeHtml, page, type Mail } from './mail-page.js';

export interface SignInData {
  readonly link: string;
  readonly code: string;
  readonly linkMinutes: number;
  readonly codeMinutes: number;
}

const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

/** The two ways in: a link for this device, a code for another one. The code is not in the subject, which lock screens show. */
export function signInMail(data: SignInData): Mail {
  const code = `${data.code.slice(0, 3)} ${data.code.slice(3)}`;
  const text = [
    'Sign in to Scani',
    '',
    `Open this link within ${minutes(data.linkMinutes)}. It works once:`,
    data.link,
    '',
    `Or type this code where you asked for it, within ${minutes(data.codeMinutes)}:`,
    code,
    '',
    'You did not ask for this? Then somebody typed your address by mistake. Nothing happens unless the link is opened.',
    '',
  ].join('\n');
  const link = escapeHtml(data.link);
  const html = page({
    title: 'Sign in to Scani',
    preview: `Your link works once, for ${minutes(data.linkMinutes)}.`,
    body: `
      <h1 class="ink" style="margin:0 0 12px;font-size:22px;line-height:28px;font-weight:650;color:#14161a;">Sign in to Scani</h1>
      <p class="soft" style="margin:0 0 24px;color:#4a5160;">Press the button within ${minutes(data.linkMinutes)}. It works once.</p>
      <p style="margin:0 0 32px;"><a class="button" href="${link}" style="display:inline-block;padding:13px 26px;border-radius:10px;background:#1f5eff;color:#ffffff;font-weight:600;text-decoration:none;">Sign in</a></p>
      <p class="soft" style="margin:0 0 10px;color:#4a5160;">Or type this code where you asked for it, within ${minutes(data.codeMinutes)}:</p>
      <p class="code ink" style="margin:0 0 32px;padding:14px 0;border-radius:10px;background:#f1f3f7;color:#14161a;font:600 28px/34px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:4px;text-align:center;">${escapeHtml(code)}</p>
      <p class="faint" style="margin:0 0 8px;font-size:13px;line-height:20px;color:#697080;">The button does nothing? Copy this address:<br><a class="faint" href="${link}" style="color:#697080;word-break:break-all;">${link}</a></p>
      <p class="faint" style="margin:0;font-size:13px;line-height:20px;color:#697080;">You did not ask for this? Then somebody typed your address by mistake. Nothing happens unless the link is opened.</p>`,
  });
  return { subject: 'Sign in to Scani', text, html };
}
