import { InjectionToken } from '@angular/core';

/** What a dialog needs to close itself with a result. A token of our own keeps the overlay out of the first load. */
export interface OpenDialog<R = unknown> {
  close(result?: R): void;
}
export const DIALOG_REF = new InjectionToken<OpenDialog<never>>('DIALOG_REF');
export const DIALOG_VALUE = new InjectionToken<unknown>('DIALOG_VALUE');
