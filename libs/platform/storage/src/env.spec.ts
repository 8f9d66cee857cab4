import { BadEnv, readEnv } from '@scani/runtime';
import { describe, expect, it } from 'vitest';
import { storageEnv, storageSettings } from './env.js';

const settingsOf = (source: Record<string, string>) => storageSettings(readEnv([storageEnv], source));
const full = {
  S3_ENDPOINT: 'https://s3.example.com',
  S3_BUCKET: 'scani',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'secret',
};

describe('storage settings', () => {
  it('are absent where there is no object storage', () => {
    expect(settingsOf({})).toBeNull();
  });

  it('use the endpoint for browsers too, unless there is a public one', () => {
    expect(settingsOf(full)?.publicEndpoint).toBe('https://s3.example.com');
    expect(settingsOf({ ...full, S3_PUBLIC_ENDPOINT: 'https://files.example.com' })?.publicEndpoint).toBe(
      'https://files.example.com',
    );
  });

  it('do without static keys', () => {
    expect(settingsOf({ S3_ENDPOINT: full.S3_ENDPOINT, S3_BUCKET: 'scani' })?.keys).toBeNull();
  });

  it.each([
    ['S3_BUCKET', 'S3_ENDPOINT'],
    ['S3_ENDPOINT', 'S3_BUCKET'],
    ['S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID'],
    ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ])('say that %s is missing beside %s', (missing, present) => {
    const { [missing as keyof typeof full]: _, ...rest } = full;
    expect(() => settingsOf(rest)).toThrow(BadEnv);
    expect(() => settingsOf(rest)).toThrow(`${missing} is not set, although ${present} is`);
  });
});
