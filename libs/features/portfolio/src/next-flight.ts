/**
 * One question at a time for each key, shared by all who ask meanwhile. Who asks while one is on its way waits for the
 * next: an answer is never older than the moment at which it was asked for.
 */
export class NextFlight<T> {
  private readonly flights = new Map<string, { running: Promise<T>; next: Promise<T> | null }>();

  ask(key: string, work: () => Promise<T>): Promise<T> {
    const flight = this.flights.get(key);
    if (!flight) return this.start(key, work);
    flight.next ??= flight.running.then(
      () => this.start(key, work),
      () => this.start(key, work),
    );
    return flight.next;
  }

  private start(key: string, work: () => Promise<T>): Promise<T> {
    const running = work().finally(() => {
      const flight = this.flights.get(key);
      if (flight?.running === running && flight.next === null) this.flights.delete(key);
    });
    this.flights.set(key, { running, next: null });
    return running;
  }
}
