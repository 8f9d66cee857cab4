import { Dialog, DialogConfig, DialogRef } from '@angular/cdk/dialog';
import { createGlobalPositionStrategy } from '@angular/cdk/overlay';
import { Injector, Type } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { DIALOG_REF, DIALOG_VALUE } from './dialog-ref';

/** One dialog at a time: a second shortcut while one is open does nothing. */
export async function openDialog<R>(
  injector: Injector,
  component: Type<unknown>,
  data: unknown,
): Promise<R | undefined> {
  const dialog = injector.get(Dialog);
  if (dialog.openDialogs.length) return undefined;
  const high = 'placement' in component && component.placement === 'top';
  const config: DialogConfig<unknown, DialogRef<R, unknown>> = {
    backdropClass: 'dim',
    autoFocus: high ? 'input' : '[cdkFocusInitial], input:not([type=radio]), select, button:not([aria-label=Close])',
    providers: (ref) => [
      { provide: DIALOG_REF, useValue: ref },
      { provide: DIALOG_VALUE, useValue: data },
    ],
    ...(high
      ? {
          ariaLabel: 'Command palette',
          positionStrategy: createGlobalPositionStrategy(injector).centerHorizontally().top('12vh'),
        }
      : { ariaLabelledBy: 'dialog-title' }),
  };
  return firstValueFrom(dialog.open<R>(component, config).closed, { defaultValue: undefined });
}
