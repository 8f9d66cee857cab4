import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { map, type Observable } from 'rxjs';
import { getGains } from '../../api/functions';
import type { Disposal, DisposalPage, GainsFigure, GainsReport } from '../../api/models';
import type { StrictHttpResponse } from '../../api/strict-http-response';
import { Explainable, Explained } from '../explain/explained';
import { TRANSACTION_WORDS } from '../holdings/words';
import { paths } from '../paths';
import { readPages } from '../shell/api';
import { Session } from '../shell/session';
import { Delta } from '../ui/delta';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, Skeleton, SkeletonRows } from '../ui/states';
import { METHOD_WORDS, RULE_WORDS } from './words';

const PAGE = 50;

/** The report is a page of disposals with the totals of their year. */
const readGains = (
  ...[http, root, params, context]: Parameters<typeof getGains>
): Observable<StrictHttpResponse<GainsReport & DisposalPage>> =>
  getGains(http, root, params, context).pipe(
    map((answer) => {
      const body = { ...answer.body, ...answer.body.disposals };
      return answer.clone({ body }) as StrictHttpResponse<GainsReport & DisposalPage>;
    }),
  );

/** What a year of sales brought, with every lot, and what was earned by holding. */
@Component({
  selector: 'app-gains',
  imports: [RouterLink, Delta, Explained, Icon, MoreButton, Empty, ProblemCard, Skeleton, SkeletonRows],
  templateUrl: './gains.html',
  styleUrl: './gains.scss',
})
export default class Gains {
  /** From the address; without it the year that is running. */
  readonly year = input<string>();
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly kinds = TRANSACTION_WORDS;
  protected readonly methods = METHOD_WORDS;
  protected readonly rules = RULE_WORDS;
  protected readonly list = readPages(readGains, () => ({ ...this.asked(), limit: PAGE }), { live: 'portfolio' });
  protected readonly report = this.list.value;
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  /** The years to choose from: those with anything in them, the one that is shown and the one that is running. */
  protected readonly years = computed(() => {
    const report = this.report();
    const shown = report ? [...report.years, report.year] : [];
    return [...new Set([...shown, new Date().getFullYear()])].sort((one, other) => other - one);
  });
  private readonly opened = signal<ReadonlySet<string>>(new Set());

  private asked(): { year?: number } {
    const year = this.year();
    return year && /^\d{4}$/.test(year) ? { year: Number(year) } : {};
  }
  protected async choose(year: string): Promise<void> {
    await this.router.navigate([], { queryParams: { year } });
  }
  protected yearLabel(year: number): string {
    return this.report()?.method === 'section-104' ? `${year}/${String(year + 1).slice(2)}` : String(year);
  }
  protected isOpen(id: string): boolean {
    return this.opened().has(id);
  }
  protected toggle(id: string): void {
    this.opened.update((open) => {
      const next = new Set(open);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }
  /** Rows that are only about money take no lots. */
  protected canChoose(one: Disposal): boolean {
    return one.lots.every((lot) => lot.rule !== 'kept');
  }
  protected async chooseLots(one: Disposal): Promise<void> {
    await this.dialogs.open(() => import('./choose-lots').then((m) => m.ChooseLotsDialog), one);
  }
  protected missing(figure: GainsFigure, one: string, many: string): string {
    return figure.unknown === 0 ? '' : `${this.prefs.count(figure.unknown)} ${figure.unknown === 1 ? one : many}`;
  }
  protected explained(one: Disposal): Explainable {
    return { kind: 'gain', name: `Gain on ${one.symbol}, ${this.prefs.day(one.soldAt)}`, id: one.id };
  }
  protected lotsLabel(one: Disposal): string {
    return `Lots of ${one.symbol} given up on ${this.prefs.day(one.soldAt)}`;
  }
}
