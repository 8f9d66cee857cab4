import { HttpClient, HttpContext } from '@angular/common/http';
import { Component, computed, inject, input, signal } from '@angular/core';
import { getAllEgressSummary, getEgressSummary, listAllEgress, listEgress } from '../../api/functions';
import type { Egress } from '../../api/models';
import { read, readPages } from '../shell/api';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { type Segment, Segmented } from '../ui/segmented';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { formatBytes, groupsOf, purposeOf } from './words';

type Span = '1' | '7' | '30' | '90';
const SPANS: readonly Segment<Span>[] = [
  { value: '1', label: 'A day' },
  { value: '7', label: 'A week' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
];

/** Where calls went, what for and how much: of a person, or all of them. */
@Component({
  selector: 'app-egress-view',
  imports: [Icon, MoreButton, Segmented, Empty, ProblemCard, SkeletonRows],
  templateUrl: './egress-view.html',
  styleUrl: './egress-view.scss',
})
export class EgressView {
  readonly all = input(false);
  protected readonly prefs = inject(Prefs);
  protected readonly purposeOf = purposeOf;
  protected readonly spans = SPANS;
  protected readonly span = signal<Span>('30');
  protected readonly summary = read(
    (http: HttpClient, root: string, params: { days: number }, context?: HttpContext) =>
      (this.all() ? getAllEgressSummary : getEgressSummary)(http, root, params, context),
    () => ({ days: Number(this.span()) }),
  );
  protected readonly calls = readPages(
    (http: HttpClient, root: string, params: { limit?: number; cursor?: string }, context?: HttpContext) =>
      (this.all() ? listAllEgress : listEgress)(http, root, params, context),
    () => ({ limit: 30 }),
  );
  protected readonly groups = computed(() => groupsOf(this.summary.value()?.items ?? []));

  protected bytes(count: number): string {
    return formatBytes(this.prefs.locale(), count);
  }

  protected outcome({ status }: Egress): string {
    return status === null ? 'no answer' : String(status);
  }
}
