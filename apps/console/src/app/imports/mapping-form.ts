import { Component, computed, inject, input, linkedSignal, output, signal } from '@angular/core';
import { getAiReading, previewMapping, suggestColumns } from '../../api/functions';
import type { Mapping, Sample, SampleColumn } from '../../api/models';
import { Api, read } from '../shell/api';
import { messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';
import { DATE_FORMATS, DELIMITERS, draftOf, MappingDraft, mappingOf, roleOf } from './mapping';

const AMOUNTS = [
  { value: 'one', label: 'one column, with a sign' },
  { value: 'two', label: 'two columns, out and in' },
];
const MARKS = [
  { value: '.', label: 'point: 1,234.56' },
  { value: ',', label: 'comma: 1.234,56' },
];
const HEADER_LINES = Array.from({ length: 15 }, (_, n) => ({ value: String(n + 1), label: `in line ${n + 1}` }));

interface Choice {
  key: string;
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  set(value: string): Partial<MappingDraft>;
}

/** Which column is which, with the first lines as they would be read. */
@Component({
  selector: 'app-mapping-form',
  imports: [Icon, ProblemCard, SkeletonRows],
  templateUrl: './mapping-form.html',
  styleUrl: './mapping-form.scss',
})
export class MappingForm {
  readonly importId = input.required<string>();
  readonly sample = input.required<Sample>();
  /** The mapping of the last reading; a first one starts from the server's suggestion. */
  readonly mapping = input<Mapping | null>(null);
  readonly currency = input.required<string>();
  readonly busy = input(false);
  readonly chosen = output<Mapping>();
  protected readonly prefs = inject(Prefs);
  private readonly api = inject(Api);
  protected readonly ai = read(getAiReading, () => ({}));
  protected readonly offersAi = computed(() => this.ai.value()?.offered.includes('columns') ?? false);
  protected readonly asking = signal(false);
  protected readonly asked = signal('');
  protected readonly unsuggested = signal('');
  protected readonly role = roleOf;
  protected readonly draft = linkedSignal<string, MappingDraft>({
    source: () => this.importId(), // news about the import must not undo what is being chosen
    computation: () => draftOf(this.mapping() ?? this.sample().suggestion),
  });
  protected readonly result = computed(() => mappingOf(this.draft()));
  protected readonly preview = read(previewMapping, () => {
    const body = this.result().mapping;
    return body ? { id: this.importId(), body } : undefined;
  });
  protected readonly problems = computed(() => this.preview.value()?.problems ?? []);

  protected readonly fields = computed<Choice[]>(() => {
    const draft = this.draft();
    const columns = this.sample().columns.map((column) => ({ value: String(column.index), label: this.name(column) }));
    const pick = (key: keyof MappingDraft, label: string, options: Choice['options'], none?: string): Choice => ({
      key,
      label,
      value: String(draft[key]),
      options: none ? [{ value: '', label: none }, ...options] : options,
      set: (value) => ({ [key]: value }),
    });
    const one = draft.amounts === 'one';
    return [
      pick('date', 'Date', columns, 'Choose a column'),
      pick('dateFormat', 'Dates look like', DATE_FORMATS),
      pick('amounts', 'Amounts are in', AMOUNTS),
      ...(one
        ? [pick('amount', 'Amount', columns, 'Choose a column')]
        : [
            pick('debit', 'Money out', columns, 'Choose a column'),
            pick('credit', 'Money in', columns, 'Choose a column'),
          ]),
      pick('decimalSeparator', 'Decimal mark', MARKS),
      pick('balance', 'Balance', columns, 'Not in the file'),
      pick('currency', 'Currency', columns, `Always ${this.currency()}`),
      pick('id', 'Id of the bank', columns, 'Not in the file'),
      pick('delimiter', 'Columns are divided by', DELIMITERS),
      pick('headerLine', 'Names of the columns', HEADER_LINES, 'Not in the file'),
    ];
  });

  protected name(column: SampleColumn): string {
    return column.name.trim() || `Column ${column.index + 1}`;
  }
  protected set(change: Partial<MappingDraft>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
  }
  protected describe(index: number): void {
    const { description } = this.draft();
    const without = description.filter((one) => one !== index);
    this.set({ description: without.length === description.length ? [...description, index] : without });
  }
  /** Leaves what was chosen as it is when nothing comes of it. */
  protected async suggest(): Promise<void> {
    this.unsuggested.set('');
    this.asked.set('');
    this.asking.set(true);
    try {
      this.draft.set(draftOf(await this.api.call(suggestColumns, { id: this.importId() })));
      this.asked.set('The columns are as the model suggests. Look whether the lines below read right.');
    } catch (error) {
      this.unsuggested.set(messageOf(error));
    } finally {
      this.asking.set(false);
    }
  }
  protected read(): void {
    const mapping = this.result().mapping;
    if (mapping) this.chosen.emit(mapping);
  }
}
