// What `helm test` asks of a release, run by node in the api's image.
const env = process.env;
const bearer = { authorization: `Bearer ${env.SCANI_CLOUD_API_KEY}` };
const questions = [
  ['api is ready', `${env.API_URL}/readyz`],
  ['console answers', `${env.CONSOLE_URL}/`],
  ...(env.DATA_PROVIDER_URL ? [['data-provider is ready', `${env.DATA_PROVIDER_URL}/readyz`]] : []),
  ['data-provider takes SCANI_CLOUD_API_KEY', `${env.SCANI_CLOUD_URL}/v1/capabilities`, bearer],
];

let failed = 0;
for (const [name, url, headers] of questions) {
  const said = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) }).then(
    async (answer) => (answer.ok ? undefined : `${answer.status} ${(await answer.text()).slice(0, 500)}`),
    (error) => `${error.message}${error.cause ? `: ${error.cause.message}` : ''}`,
  );
  console.log(`${said === undefined ? 'ok    ' : 'failed'} ${name} (${url})${said === undefined ? '' : `: ${said}`}`);
  if (said !== undefined) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
