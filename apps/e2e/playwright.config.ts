import { defineConfig } from '@playwright/test';

/** `npm test -- e2e` starts the stack on throw-away data and says where it is. */
const baseURL = process.env['E2E_BASE_URL'];
const executablePath = process.env['CHROMIUM'];
if (!baseURL || !executablePath) throw new Error('Run the journeys with: npm test -- e2e');

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  // The first journey makes the first account, which becomes the admin, so the order matters.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] },
  },
});
