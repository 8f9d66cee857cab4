import { safeNext } from './next';

describe('safeNext', () => {
  it('keeps an address of this console', () => {
    expect(safeNext('/holdings/1?tab=prices')).toBe('/holdings/1?tab=prices');
  });
  it.each([
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/sign-in',
  ])('leads %s to the dashboard', (next) => {
    expect(safeNext(next)).toBe('/');
  });
});
