import { HttpClient } from '@angular/common/http';
import { inject, Injectable, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { getMe } from '../../api/functions';
import type { Me } from '../../api/models';
import { ApiError } from './problem';

/** Who is signed in. The cookie is the server's; the console knows only what `GET /api/me` says. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly http = inject(HttpClient);
  private readonly current = signal<Me | null | undefined>(undefined);
  /** undefined: not asked yet; null: signed out. */
  readonly me = this.current.asReadonly();

  async load(): Promise<Me | null> {
    const known = this.current();
    return known === undefined ? this.refresh() : known;
  }
  async refresh(): Promise<Me | null> {
    try {
      this.current.set((await firstValueFrom(getMe(this.http, ''))).body);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      this.current.set(null);
    }
    return this.current() ?? null;
  }
  set(me: Me | null): void {
    this.current.set(me);
  }
}
