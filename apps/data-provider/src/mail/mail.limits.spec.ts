import { expect, test } from 'vitest';
import { MailLimits } from './mail.limits.js';

const limits = (perRecipientPerHour: number, perCallerPerHour: number): MailLimits =>
  new MailLimits({ perRecipientPerHour, perCallerPerHour }, null);

test('an address gets so many mails and no more, however it is written and whoever sends', async () => {
  const few = limits(2, 100);
  await few.take('one', 'Ann@example.org');
  await few.take('two', 'ann@EXAMPLE.org');
  await expect(few.take('three', 'ann@example.org')).rejects.toMatchObject({
    code: 'mail-recipient-limit',
    status: 429,
    retryAfterSeconds: expect.any(Number) as number,
  });
  await few.take('three', 'bob@example.org');
});

test('one installation sends so many, and another is not hindered', async () => {
  const few = limits(100, 2);
  await few.take('one', 'a@example.org');
  await few.take('one', 'b@example.org');
  await expect(few.take('one', 'c@example.org')).rejects.toMatchObject({ code: 'mail-limit' });
  await few.take('two', 'c@example.org');
});

test('what did not leave is given back, and so is what the other limit refused', async () => {
  const few = limits(1, 2);
  await few.take('one', 'a@example.org');
  await expect(few.take('one', 'a@example.org')).rejects.toMatchObject({ code: 'mail-recipient-limit' });
  await few.giveBack('one', 'a@example.org');
  await few.take('one', 'a@example.org');
  await few.take('one', 'b@example.org');
  await expect(few.take('one', 'c@example.org')).rejects.toMatchObject({ code: 'mail-limit' });
});
