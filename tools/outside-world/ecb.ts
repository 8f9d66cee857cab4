/**
 * The European Central Bank's data portal, as documented at data.ecb.europa.eu/help/api (SDMX 2.1 REST): the daily
 * reference rates /data/EXR/D.{currencies}.EUR.SP00.A as CSV, series after series; 404 where a range holds nothing.
 */
import { isPublished, publishedRate } from './rates.ts';
import { DAY_MS, dayMs, dayText } from './series.ts';
import { json, type Answer, type Asked } from './http.ts';

const SERIES = /^\/service\/data\/EXR\/D\.([A-Z+]+)\.EUR\.SP00\.A$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FIRST_DAY = '1999-01-04';
const HEAD = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';

export function ecb({ path, query, now }: Asked): Answer {
  const codes = SERIES.exec(path)?.[1]?.split('+');
  if (!codes) return plain(404, 'No results found.');
  if (query.get('format') !== 'csvdata') return json(406, { message: 'only csvdata is played here' });
  const from = query.get('startPeriod') ?? FIRST_DAY;
  const to = query.get('endPeriod') ?? dayText(now);
  if (!DAY.test(from) || !DAY.test(to)) return plain(400, 'Invalid period');
  const rows: string[] = [];
  for (const code of codes.toSorted()) {
    for (let at = dayMs(from < FIRST_DAY ? FIRST_DAY : from); at <= Math.min(dayMs(to), now); at += DAY_MS) {
      const day = dayText(at);
      const rate = isPublished(day, now) ? publishedRate(code, day) : undefined;
      if (rate !== undefined && code !== 'EUR')
        rows.push(`EXR.D.${code}.EUR.SP00.A,D,${code},EUR,SP00,A,${day},${rate}`);
    }
  }
  return rows.length === 0 ? plain(404, 'No results found.') : plain(200, [HEAD, ...rows, ''].join('\r\n'));
}

const plain = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': status === 200 ? 'text/csv; charset=utf-8' : 'text/plain' },
  body,
});
