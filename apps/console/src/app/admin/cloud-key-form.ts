import { Component, inject, signal } from '@angular/core';
import { form, maxLength, required, validate } from '@angular/forms/signals';
import { issueCloudKey, updateCloudKey } from '../../api/functions';
import type { CloudKey, CloudPlan, CloudPlanName, CloudScope, NewCloudKey } from '../../api/models';
import { Api } from '../shell/api';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount, typedAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { SCOPES } from './cloud-key-words';

/** As the server has it: one request may ask for so many units. */
const SMALLEST_QUOTA = 500;

interface Given {
  plans: readonly CloudPlan[];
  key?: CloudKey;
}

/** Issues a key, and closes with it; or changes one. */
@Component({
  selector: 'app-cloud-key-form',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="given.key ? 'Change the key' : 'Issue a key'">
      <div class="form">
        <mat-form-field class="w">
          <mat-label>Whose it is</mat-label>
          <input matInput autocomplete="off" cdkFocusInitial [formField]="fields.name" />
          @for (error of fields.name().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
          <mat-label>Plan</mat-label>
          <select matNativeControl [formField]="fields.plan" (change)="takePlan()">
            @for (plan of given.plans; track plan.name) {
              <option [value]="plan.name">{{ plan.name }}</option>
            }
          </select>
        </mat-form-field>
        <mat-form-field>
          <mat-label>Last day (optional)</mat-label>
          <input matInput type="date" [formField]="fields.lastDay" />
          <mat-hint>It ends with this day, UTC.</mat-hint>
        </mat-form-field>
        <mat-form-field>
          <mat-label>Units an hour</mat-label>
          <input matInput class="num" inputmode="numeric" autocomplete="off" [formField]="fields.hourly" />
          @for (error of fields.hourly().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
          <mat-label>Units a month</mat-label>
          <input matInput class="num" inputmode="numeric" autocomplete="off" [formField]="fields.monthly" />
          @for (error of fields.monthly().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field class="w">
          <mat-label>Cost ceiling, US dollars a month (optional)</mat-label>
          <input matInput class="num" inputmode="decimal" autocomplete="off" [formField]="fields.ceiling" />
          @for (error of fields.ceiling().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <fieldset class="w">
          <legend>What it may be used for</legend>
          @for (one of scopes; track one.scope) {
            <label class="check">
              <input type="checkbox" [checked]="chosen().has(one.scope)" (change)="choose(one.scope)" />{{ one.label }}
            </label>
          }
          @if (chosen().size === 0) {
            <p class="none" role="alert">Choose at least one.</p>
          }
        </fieldset>
      </div>
      @if (saving.failed()) {
        <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ saving.failed() }}</p>
      }
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary" [disabled]="fields().submitting() || chosen().size === 0">
          {{ given.key ? 'Save' : 'Issue key' }}
        </button>
      </ng-container>
    </ui-dialog>
  </form>`,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 18px;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0;
      font-size: 12px;
      color: var(--c-text-3);
    }
    .none {
      width: 100%;
      font-size: 12.5px;
      color: var(--c-loss);
    }
  `,
})
export class CloudKeyForm {
  protected readonly ref: OpenDialog<NewCloudKey> = inject(DIALOG_REF);
  protected readonly given = inject(DIALOG_VALUE) as Given;
  private readonly api = inject(Api);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly scopes = SCOPES;
  protected readonly chosen = signal<ReadonlySet<CloudScope>>(
    new Set(this.given.key?.scopes ?? SCOPES.map((one) => one.scope)),
  );
  private readonly model = signal(this.first());
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Say whose key this is.' });
    maxLength(path.name, 100, { message: 'Use at most 100 characters.' });
    for (const quota of [path.hourly, path.monthly]) {
      validate(quota, ({ value }) =>
        /^\d+$/.test(value().trim()) && Number(value()) >= SMALLEST_QUOTA
          ? undefined
          : { kind: 'quota', message: `Enter a whole number of at least ${SMALLEST_QUOTA}.` },
      );
    }
    amount(path.ceiling, this.prefs.locale, { positive: true });
  });

  protected choose(scope: CloudScope): void {
    const next = new Set(this.chosen());
    if (!next.delete(scope)) next.add(scope);
    this.chosen.set(next);
  }
  /** Another plan brings its own limits, which can be changed then. */
  protected takePlan(): void {
    const plan = this.given.plans.find((one) => one.name === this.model().plan);
    if (plan) this.model.update((now) => ({ ...now, ...this.limitsOf(plan) }));
  }
  protected async save(event: Event): Promise<void> {
    let made: NewCloudKey | undefined;
    const done = await this.saving.run(event, this.fields, async () => {
      const { name, plan, hourly, monthly, ceiling, lastDay } = this.model();
      const body = {
        name: name.trim(),
        plan: plan as CloudPlanName,
        scopes: [...this.chosen()],
        hourlyQuota: Number(hourly),
        monthlyQuota: Number(monthly),
        costCeiling: parseAmount(this.prefs.locale(), ceiling.trim()) || null,
        ...(this.given.key && lastDay === this.first().lastDay
          ? {}
          : { expiresAt: lastDay ? `${lastDay}T23:59:59Z` : null }),
      };
      if (this.given.key) await this.api.call(updateCloudKey, { id: this.given.key.id, body });
      else made = await this.api.call(issueCloudKey, { body });
    });
    if (done) this.ref.close(made);
  }

  private first() {
    const { key, plans } = this.given;
    const plan = plans.find((one) => one.name === 'personal') ?? plans[0];
    return {
      name: key?.name ?? '',
      plan: (key?.plan ?? plan?.name ?? '') as string,
      lastDay: key?.expiresAt?.slice(0, 10) ?? '',
      ...this.limitsOf(key ?? plan),
    };
  }
  private limitsOf(from: Pick<CloudKey, 'hourlyQuota' | 'monthlyQuota' | 'costCeiling'> | undefined) {
    return {
      hourly: String(from?.hourlyQuota ?? ''),
      monthly: String(from?.monthlyQuota ?? ''),
      ceiling: from?.costCeiling ? typedAmount(this.prefs.locale(), from.costCeiling) : '',
    };
  }
}
