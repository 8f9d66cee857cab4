/** Loaded into a server under load: writes how long its event loop kept others waiting, once a second. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

const folder = process.env['BENCH_LOOPS'];
if (folder) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const seen = [];
  setInterval(() => {
    seen.push({ at: Date.now(), p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 });
    delay.reset();
    writeFileSync(`${folder}/${process.pid}.json`, JSON.stringify(seen.slice(-600)));
  }, 1_000).unref();
}
