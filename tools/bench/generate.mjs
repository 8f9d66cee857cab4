/**
 * A portfolio of made-up figures: five years, 20 accounts, 300 holdings, with what it was worth on every day. The same
 * arguments give the same files, byte for byte. All quantities are exact integers of 10^-8, so balances are exact; the
 * expected values are plain floats, good to about 1e-9 of them.
 *
 * @param {{ tx: number, seed: number, end: string, days: number }} size `end`: the last day, included
 * @returns {Record<string, string>} CSV by name
 */
export function generate({ tx: TX, seed: SEED, end: END, days: DAYS }) {
  const files = {};
  // ---- PRNG
  let s = SEED >>> 0;
  const rnd = () => {
    s |= 0;
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (a, b) => a + Math.floor(rnd() * (b - a + 1));
  const pick = (a) => a[Math.floor(rnd() * a.length)];
  const norm = () => {
    let u = 0;
    for (let i = 0; i < 6; i++) u += rnd();
    return (u - 3) * Math.SQRT2;
  };
  // ---- fixed point 1e8
  const ONE = 100000000n;
  const fx = (x) => BigInt(Math.round(x * 1e8));
  const str = (q) => {
    const n = q < 0n;
    if (n) q = -q;
    const f = (q % ONE).toString().padStart(8, '0').replace(/0+$/, '');
    return (n ? '-' : '') + (q / ONE).toString() + (f ? '.' + f : '');
  };
  const fixed = (x, d) =>
    x
      .toFixed(d)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  // ---- calendar
  const endMs = Date.parse(END + 'T00:00:00Z'),
    DAY = 86400000,
    startMs = endMs - (DAYS - 1) * DAY;
  const dstr = (i) => new Date(startMs + i * DAY).toISOString().slice(0, 10);
  const q = (v) => (/[",\n]/.test(v) ? '"' + v.replace(/"/g, '""') + '"' : v);
  const csv = (name, head, rows) => {
    files[name] = [head, ...rows].map((r) => r.map((v) => (v == null ? '' : q(String(v)))).join(',')).join('\n') + '\n';
  };
  // ---- users, accounts
  csv(
    'users',
    ['user_id', 'email', 'name', 'base_currency', 'created_at'],
    [['u1', 'bench@example.test', 'Bench User', 'EUR', dstr(0) + 'T00:00:00.000Z']],
  );
  const accounts = [];
  const acct = (kind, n, names, curs) => {
    for (let i = 0; i < n; i++)
      accounts.push({
        id: 'a' + String(accounts.length + 1).padStart(2, '0'),
        kind,
        inst: names[i % names.length],
        name: `${names[i % names.length]} ${Math.floor(i / names.length) + 1}`,
        cur: curs[i % curs.length],
      });
  };
  acct('bank', 5, ['Northbank', 'Riverbank', 'Alpenbank'], ['EUR', 'EUR', 'CHF', 'GBP', 'USD']);
  acct(
    'broker',
    6,
    ['BrokerOne', 'TradeHouse', 'AlphaInvest', 'GlobalTrade'],
    ['EUR', 'USD', 'USD', 'GBP', 'EUR', 'USD'],
  );
  acct('exchange', 5, ['CoinPlace', 'Krypto', 'Bitmarket'], ['EUR', 'USD', 'EUR', 'USD', 'USD']);
  acct('wallet', 4, ['Ethereum', 'Bitcoin', 'Solana', 'Polygon'], ['', '', '', '']);
  csv(
    'accounts',
    ['account_id', 'user_id', 'institution', 'kind', 'name', 'currency'],
    accounts.map((a) => [a.id, 'u1', a.inst, a.kind, a.name, a.cur]),
  );
  // ---- tokens: 6 fiat, 210 stocks, 90 crypto
  const FIAT = { USD: 1, EUR: 0.89, GBP: 0.75, CHF: 0.92, JPY: 114, SGD: 1.36 };
  const tokens = [],
    byId = {};
  const addTok = (t) => {
    tokens.push(t);
    byId[t.id] = t;
  };
  for (const c of Object.keys(FIAT))
    addTok({ id: c, symbol: c, name: c + ' currency', kind: 'fiat', quote: 'USD', dec: 2 });
  for (let i = 1; i <= 210; i++)
    addTok({
      id: 's' + String(i).padStart(3, '0'),
      symbol: 'STK' + String(i).padStart(3, '0'),
      name: `Stock ${i} Inc`,
      kind: 'stock',
      quote: i % 7 === 0 ? 'EUR' : i % 11 === 0 ? 'GBP' : 'USD',
      dec: 4,
      p0: Math.exp(3 + rnd() * 3),
      vol: 0.012 + rnd() * 0.016,
      drift: (rnd() - 0.42) * 0.0011,
    });
  for (let i = 1; i <= 90; i++)
    addTok({
      id: 'c' + String(i).padStart(3, '0'),
      symbol: 'CRY' + String(i).padStart(3, '0'),
      name: `Coin ${i}`,
      kind: 'crypto',
      quote: 'USD',
      dec: 8,
      p0: Math.exp(-3 + rnd() * 12),
      vol: 0.03 + rnd() * 0.03,
      drift: (rnd() - 0.45) * 0.0016,
    });
  csv(
    'tokens',
    ['token_id', 'symbol', 'name', 'kind', 'quote_currency', 'decimals'],
    tokens.map((t) => [t.id, t.symbol, t.name, t.kind, t.quote, t.dec]),
  );
  // ---- prices: one close per token per calendar day, quoted in quote_currency; fx: units of currency per 1 USD
  const price = {},
    prows = [];
  for (const t of tokens) {
    if (t.kind === 'fiat') continue;
    const a = (price[t.id] = Array.from({ length: DAYS }));
    let p = t.p0;
    for (let d = 0; d < DAYS; d++) {
      const wk = new Date(startMs + d * DAY).getUTCDay(); // stocks do not move at the weekend
      if (!(t.kind === 'stock' && (wk === 0 || wk === 6)))
        p *= Math.exp(t.drift - (t.vol * t.vol) / 2 + t.vol * norm());
      p = Math.min(Math.max(p, 0.00005), 500000);
      const sv = t.kind === 'stock' ? fixed(Math.max(p, 0.5), 4) : fixed(p, p > 1 ? 4 : 8);
      a[d] = Number(sv);
      prows.push([t.id, dstr(d), sv, t.quote]);
    }
  }
  csv('prices', ['token_id', 'date', 'close', 'quote_currency'], prows);
  const fxs = {},
    frows = [];
  for (const c of Object.keys(FIAT)) {
    if (c === 'USD') continue;
    const a = (fxs[c] = Array.from({ length: DAYS }));
    let p = FIAT[c];
    for (let d = 0; d < DAYS; d++) {
      p *= Math.exp(0.004 * norm());
      const sv = fixed(p, 6);
      a[d] = Number(sv);
      frows.push([c, dstr(d), sv]);
    }
  }
  csv('fx', ['currency', 'date', 'per_usd'], frows);
  // ---- holdings: 25 fiat + 165 stock + 110 crypto (50 coins held at an exchange AND in a wallet, 10 at one place)
  const holdings = [],
    hkey = {};
  const addH = (a, t) => {
    const k = a.id + '|' + t;
    if (hkey[k]) return hkey[k];
    const h = { id: 'h' + String(holdings.length + 1).padStart(3, '0'), acc: a, tok: byId[t], bal: 0n, first: null };
    holdings.push(h);
    hkey[k] = h;
    return h;
  };
  const banks = accounts.filter((a) => a.kind === 'bank'),
    brokers = accounts.filter((a) => a.kind === 'broker'),
    cex = accounts.filter((a) => a.kind === 'exchange'),
    wal = accounts.filter((a) => a.kind === 'wallet');
  for (const a of [...banks, ...brokers, ...cex]) addH(a, a.cur); // 16
  for (const [i, c] of ['USD', 'GBP', 'SGD', 'JPY'].entries()) addH(banks[i], c); // 4
  for (const [i, c] of ['GBP', 'EUR', 'EUR', 'USD', 'USD'].entries()) addH(brokers[i], c); // 5
  for (let i = 1; i <= 165; i++) addH(brokers[i % 6], 's' + String(i).padStart(3, '0'));
  for (let i = 1; i <= 60; i++) {
    const t = 'c' + String(i).padStart(3, '0');
    addH(cex[i % 5], t);
    if (i <= 50) addH(wal[i % 4], t);
  }
  // ---- transactions. One row = one change of one holding. quantity is signed.
  const tx = [];
  let grp = 0;
  const at = (d, ms) => startMs + d * DAY + ms;
  const put = (h, d, ms, kind, qty, o = {}) => {
    tx.push({ h, t: at(d, ms), kind, qty, ...o });
  };
  const mix = {
    bank: Math.round(TX * 0.42),
    trade: Math.round(TX * 0.42),
    pair: Math.round(TX * 0.05),
    amb: Math.round(TX * 0.002),
    lone: Math.round(TX * 0.01),
  };
  mix.reward = TX - mix.bank - mix.trade - mix.pair * 2 - mix.amb * 3 - mix.lone;
  const WORDS = [
    'Grocery Market',
    'Coffee Corner',
    'City Transit',
    'Rent March Estate',
    'Energy Supply',
    'Online Shop',
    'Pharmacy',
    'Restaurant Luca',
    'Fuel Station 12',
    'Streaming Video',
    'Mobile Carrier',
    'Insurance Mutual',
    'Gym Club',
    'Book Store',
    'Tax Office',
  ];
  const fiatH = holdings.filter((h) => h.tok.kind === 'fiat' && h.acc.kind === 'bank');
  const assetH = holdings.filter((h) => h.tok.kind !== 'fiat' && h.acc.kind !== 'wallet');
  const walletH = holdings.filter((h) => h.acc.kind === 'wallet');
  const plan = []; // intents ordered by time first, then executed against live balances so nothing is oversold
  const when = () => [int(0, DAYS - 2), int(6 * 3600e3, 22 * 3600e3)];
  for (let i = 0; i < mix.bank; i++) plan.push({ k: 'bank', h: pick(fiatH), w: when() });
  for (let i = 0; i < mix.trade; i++) {
    const h = i < assetH.length ? assetH[i] : assetH[Math.floor(Math.pow(rnd(), 1.6) * assetH.length)];
    plan.push({ k: 'trade', h, w: i < assetH.length ? [int(0, 400), int(7 * 3600e3, 21 * 3600e3)] : when(), r: rnd() });
  }
  const twin = walletH.map((w) => [holdings.find((h) => h.acc.kind === 'exchange' && h.tok === w.tok), w]);
  for (let i = 0; i < mix.pair; i++)
    plan.push({
      k: 'pair',
      p: pick(twin),
      w: [int(60, DAYS - 3), int(6 * 3600e3, 22 * 3600e3)],
      r: rnd(),
      lag: int(60e3, 25 * 60e3),
      fee: rnd() < 0.6 ? rnd() * 0.008 : 0,
      u: rnd(),
    });
  for (let i = 0; i < mix.amb; i++)
    plan.push({ k: 'amb', p: pick(twin), w: [int(60, DAYS - 3), int(6 * 3600e3, 22 * 3600e3)] });
  for (let i = 0; i < mix.lone; i++)
    plan.push({ k: 'lone', h: pick(walletH), w: [int(60, DAYS - 3), int(6 * 3600e3, 22 * 3600e3)], u: rnd() });
  for (let i = 0; i < mix.reward; i++) plan.push({ k: 'reward', h: pick(assetH), w: when() });
  plan.sort((a, b) => a.w[0] - b.w[0] || a.w[1] - b.w[1]);
  const round = (x, dec) => {
    const m = 10n ** BigInt(8 - dec);
    return (x / m) * m;
  };
  const use = (h, v) => {
    h.bal += v;
  };
  for (const e of plan) {
    const [d, ms] = e.w;
    if (e.k === 'bank') {
      const h = e.h;
      const salary = rnd() < 0.04 || h.bal < 500n * ONE;
      const amt = salary ? fx(int(180000, 420000) / 100) : fx(int(150, 18000) / 100);
      if (salary) {
        use(h, amt);
        put(h, d, ms, 'deposit', amt, { memo: 'Salary Employer Ltd' });
      } else {
        const v = amt > h.bal ? round(h.bal / 2n, 2) : amt;
        use(h, -v);
        put(h, d, ms, 'withdraw', -v, { memo: pick(WORDS) + ' ' + int(100, 999) });
      }
    } else if (e.k === 'trade') {
      const h = e.h,
        base = price[h.tok.id][d],
        p = base * (1 + (rnd() - 0.5) * 0.02),
        ps = fixed(p, p > 1 ? 4 : 8);
      const sell = h.bal > 0n && e.r < 0.38;
      let qv = sell
        ? round((h.bal * BigInt(int(50, 600))) / 1000n, h.tok.dec)
        : round(fx(int(2000, 250000) / 100 / p), h.tok.dec);
      if (qv <= 0n) {
        qv = round(fx(100 / p), h.tok.dec) || ONE;
        use(h, qv);
        put(h, d, ms, 'buy', qv, { price: ps, cur: h.tok.quote, fee: '1', feeCur: h.tok.quote });
        continue;
      }
      use(h, sell ? -qv : qv);
      put(h, d, ms, sell ? 'sell' : 'buy', sell ? -qv : qv, {
        price: ps,
        cur: h.tok.quote,
        fee: fixed(0.5 + rnd() * 4, 2),
        feeCur: h.tok.quote,
      });
    } else if (e.k === 'pair' || e.k === 'amb') {
      let [src, dst] = e.p;
      if (e.k === 'pair' && e.r < 0.3) [src, dst] = [dst, src];
      if (src.bal <= 1000n) {
        [src, dst] = [dst, src];
      }
      if (src.bal <= 1000n) {
        const v = round(fx(500 / price[src.tok.id][d]), 8) || ONE;
        use(src, v);
        put(src, d, Math.max(0, ms - 3600e3), 'deposit', v);
      }
      const v = (src.bal * BigInt(int(20, 300))) / 1000n || 1n;
      if (e.k === 'pair') {
        const g = 'g' + String(++grp).padStart(6, '0');
        const inn = v - (v * BigInt(Math.round(e.fee * 1e6))) / 1000000n;
        use(src, -v);
        use(dst, inn);
        put(src, d, ms, 'withdraw', -v, { truth: g });
        put(dst, d, ms + e.lag, 'deposit', inn, { truth: g });
      } else {
        use(src, -v);
        use(dst, v + v);
        put(src, d, ms, 'withdraw', -v, { truth: 'ambiguous' });
        put(dst, d, ms + 300e3, 'deposit', v, { truth: 'ambiguous' });
        put(dst, d, ms + 600e3, 'deposit', v, { truth: 'ambiguous' });
      }
    } else if (e.k === 'lone') {
      const h = e.h;
      const v = (h.bal * BigInt(int(5, 80))) / 1000n;
      if (v > 0n) {
        use(h, -v);
        put(h, d, ms, 'withdraw', -v, { truth: 'lone' });
      } else {
        const w = fx(0.01);
        use(h, w);
        put(h, d, ms, 'airdrop', w);
      }
    } else {
      const h = e.h;
      const v = round(fx(int(50, 4000) / 100 / price[h.tok.id][d]), h.tok.dec) || 10n ** BigInt(8 - h.tok.dec);
      use(h, v);
      put(h, d, ms, h.tok.kind === 'stock' ? 'dividend' : 'reward', v);
    }
  }
  tx.sort((a, b) => a.t - b.t);
  // exact running balances, and a check that no holding ever goes negative
  const run = new Map();
  const trows = tx.map((t, i) => {
    const b = (run.get(t.h.id) ?? 0n) + t.qty;
    run.set(t.h.id, b);
    t.h.first ??= t.t;
    return [
      'x' + String(i + 1).padStart(7, '0'),
      t.h.id,
      t.h.acc.id,
      t.h.tok.id,
      new Date(t.t).toISOString(),
      t.kind,
      str(t.qty),
      t.price,
      t.cur,
      t.fee,
      t.feeCur,
      t.memo,
      t.truth,
    ];
  });
  csv(
    'transactions',
    [
      'tx_id',
      'holding_id',
      'account_id',
      'token_id',
      'occurred_at',
      'kind',
      'quantity',
      'unit_price',
      'price_currency',
      'fee',
      'fee_currency',
      'memo',
      'truth_transfer_group',
    ],
    trows,
  );
  csv(
    'holdings',
    ['holding_id', 'account_id', 'token_id', 'closing_quantity', 'first_tx_at'],
    holdings.map((h) => [
      h.id,
      h.acc.id,
      h.tok.id,
      str(run.get(h.id) ?? 0n),
      new Date(h.first ?? startMs).toISOString(),
    ]),
  );
  // ---- expected value per day in EUR (float64, naive): sum(qty at end of day x close x fx). For cross-checking any implementation to ~1e-9 relative.
  const toEur = (cur, d) => fxs.EUR[d] / (cur === 'USD' ? 1 : fxs[cur][d]);
  const hix = new Map(holdings.map((h, i) => [h.id, i]));
  let p = 0;
  const erows = [];
  const exact = holdings.map(() => 0n);
  for (let d = 0; d < DAYS; d++) {
    while (p < tx.length && tx[p].t < startMs + (d + 1) * DAY) {
      const i = hix.get(tx[p].h.id);
      exact[i] += tx[p].qty;
      p++;
    }
    let v = 0;
    holdings.forEach((h, i) => {
      const n = Number(exact[i]) / 1e8;
      v += h.tok.kind === 'fiat' ? n * toEur(h.tok.id, d) : n * price[h.tok.id][d] * toEur(h.tok.quote, d);
    });
    erows.push([dstr(d), v.toFixed(4)]);
  }
  csv('expected_daily_value', ['date', 'value_eur'], erows);
  // ---- a bank statement (import benchmark): one account, one currency, running balance
  for (const n of [1000, 10000, 50000]) {
    let b = 250000000;
    const r = [];
    for (let i = 0; i < n; i++) {
      const d = Math.floor((i * DAYS) / n);
      const c = rnd() < 0.04 ? int(180000, 420000) : -int(150, 18000);
      b += c;
      r.push([
        dstr(d),
        `${c > 0 ? 'Salary Employer Ltd' : pick(WORDS)} ${String(i).padStart(6, '0')}`,
        (c / 100).toFixed(2),
        'EUR',
        (b / 100).toFixed(2),
      ]);
    }
    csv('bank_statement_' + n, ['Date', 'Description', 'Amount', 'Currency', 'Balance'], r);
  }
  return files;
}
