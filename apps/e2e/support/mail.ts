import { setTimeout as wait } from 'node:timers/promises';

interface Mail {
  to: { address: string }[];
  subject: string;
  text: string;
  html: string;
}

const api = process.env['E2E_MAIL_API'] ?? '';

/** The link and the code of the newest sign-in mail to an address that is not among those already seen. */
export async function signInMail(to: string, seen = 0): Promise<{ link: string; code: string }> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const mails = (await mailsTo(to)).slice(seen);
    const text = mails.at(-1)?.text;
    const link = text && /https?:\/\/\S+#token=\S+/.exec(text)?.[0];
    const code = text && /\b(\d{3})\s?(\d{3})\b/.exec(text)?.slice(1).join('');
    if (link && code) return { link, code };
    await wait(200);
  }
  throw new Error(`No sign-in mail to ${to} within 15 s.`);
}

export async function mailsTo(address: string): Promise<Mail[]> {
  const answer = await fetch(`${api}/email`);
  const mails = (await answer.json()) as Mail[];
  return mails.filter((mail) => mail.to.some((one) => one.address === address));
}
