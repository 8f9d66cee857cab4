import passport from 'passport';

type Done = (error: Error | null, user?: object | false) => void;

/** The passport strategy whose check is a method over the request; what fails is told by the check's own refusal. */
export class RequestStrategy extends passport.Strategy {
  constructor(private readonly verify: (request: unknown, done: Done) => void) {
    super();
  }

  override authenticate(request: unknown): void {
    this.verify(request, (error, user) => {
      if (error) this.error(error);
      else if (user) this.success(user);
      else this.fail(401);
    });
  }
}
