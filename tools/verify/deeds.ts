import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TRIAL_PICTURE } from '../../libs/features/imports/src/trial.picture.ts';
import { DEMO_WALLETS, stranger } from '../outside-world/chain.ts';
import type { Person } from './person.ts';

/** What people do with the product, one after the other; each throws when it did not work. */
export interface Import {
  id: string;
  state: string;
  counts: { rows: number; recorded: number };
  sample: { suggestion: object } | null;
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 864e5).toISOString();

export async function openAccount(who: Person): Promise<string> {
  const institution = { name: 'Bank', kind: 'bank' };
  const wanted = { name: 'Everyday', kind: 'asset', currency: 'EUR', institution };
  return (await who.must(who.post<{ id: string }>('/api/accounts', wanted))).id;
}

/** 100 of it since nine days ago, at 2 EUR each. */
export async function addHolding(who: Person, accountId: string): Promise<string> {
  const asset = { symbol: 'WINE', name: 'Wine', kind: 'private', decimals: 18 };
  const { id: assetId } = await who.must(who.post<{ id: string }>('/api/assets', asset));
  const price = { value: '2', currency: 'EUR' };
  const wanted = { accountId, assetId, balance: '100', at: daysAgo(9), price };
  return (await who.must(who.post<{ id: string }>('/api/holdings', wanted))).id;
}

export async function addTransaction(who: Person, holdingId: string, quantity: string): Promise<string> {
  const wanted = { kind: 'deposit', quantity, occurredAt: daysAgo(3) };
  return (await who.must(who.post<{ id: string }>(`/api/holdings/${holdingId}/transactions`, wanted))).id;
}

/** One in which nothing has ever been, so that it changes no figure. */
export const EMPTY_WALLET = stranger.bitcoin('a wallet that is new');

/** A wallet with a history, under a name that nothing else has; returns once all of it has been read. */
export async function followWallet(
  who: Person,
  address: string = DEMO_WALLETS.bitcoin,
): Promise<{ id: string; name: string }> {
  const name = `Cold store ${randomUUID().slice(0, 8)}`;
  const wanted = { address, chains: ['bitcoin'], name };
  const { items } = await who.must(who.post<{ items: { id: string }[] }>('/api/wallets', wanted));
  const id = items[0]?.id ?? '';
  for (;;) {
    const { syncedAt, problem } = await who.must(
      who.get<{ syncedAt: string | null; problem: { detail: string } | null }>(`/api/wallets/${id}`),
    );
    if (syncedAt !== null) return { id, name };
    if (problem !== null) throw new Error(`the wallet was not read: ${problem.detail}`);
    await pause(200);
  }
}

/** Rows that no other statement has. */
export function statement(rows: number): { text: string; total: string } {
  const tag = randomUUID().slice(0, 8);
  const lines = Array.from({ length: rows }, (_, at) => {
    const day = new Date(Date.UTC(2025, 0, 1) + at * 36e5).toISOString().slice(0, 10);
    return `${day};Shop ${tag}-${at};-1,00`;
  });
  return { text: `Datum;Text;Betrag\n${lines.join('\n')}\n`, total: String(-rows) };
}

export interface Upload {
  id: string;
  url: string;
  headers: Record<string, string>;
  keepsOriginal: boolean;
}

/** Sends a file as the console does: to whatever address it is given. */
export async function upload(
  who: Person,
  content: string | Buffer,
  fileName = 'statement.csv',
  contentType = 'text/csv',
): Promise<Upload> {
  const bytes = Buffer.from(content);
  const wanted = { fileName, size: bytes.length, contentType };
  const link = await who.must(who.post<Upload>('/api/uploads', wanted));
  const answer = await who.send(link, bytes);
  if (!answer.ok) throw new Error(`the store answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  return link;
}

export async function importState(who: Person, id: string, patienceMs: number, ...states: string[]): Promise<Import> {
  let last = '';
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(200)) {
    const { body, status } = await who.get<Import>(`/api/imports/${id}`);
    if (status === 200) last = body.state;
    if (status === 200 && states.includes(body.state)) return body;
  }
  throw new Error(`the import is ${last} after ${patienceMs} ms, not ${states.join(' or ')}`);
}

/** From the bytes to the review; `confirm` does the rest. */
export async function stageImport(who: Person, accountId: string, text: string, patienceMs = 60_000): Promise<string> {
  const { id: uploadId } = await upload(who, text);
  const { id } = await who.must(who.post<{ id: string }>('/api/imports', { accountId, uploadId }));
  const asked = await importState(who, id, patienceMs, 'needs-mapping', 'to-review');
  if (asked.state === 'needs-mapping')
    await who.must(who.ask('PUT', `/api/imports/${id}/mapping`, asked.sample?.suggestion));
  await importState(who, id, patienceMs, 'to-review');
  return id;
}

/** Sends a picture of one position, to be read by AI; the import's id. */
export async function sendPicture(who: Person, accountId: string): Promise<string> {
  const { id: uploadId } = await upload(who, TRIAL_PICTURE, 'screen.png', 'image/png');
  const wanted = { accountId, uploadId, readByAi: true };
  return (await who.must(who.post<{ id: string }>('/api/imports', wanted))).id;
}

/** A picture that was sent is read, reviewed and recorded. */
export async function recordPicture(who: Person, id: string, patienceMs = 60_000): Promise<void> {
  await importState(who, id, patienceMs, 'to-review');
  await confirm(who, id);
  await importState(who, id, patienceMs, 'recorded');
}

export async function confirm(who: Person, id: string): Promise<void> {
  await who.must(who.post(`/api/imports/${id}/confirmation`));
}
