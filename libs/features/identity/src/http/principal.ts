import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { SignedOut } from '@scani/runtime';

export type Role = 'owner' | 'admin';

/** Who asks. */
export interface Principal {
  userId: string;
  sessionId: string;
  role: Role;
  /** Whose portfolio is read: the demo's until it is removed or one of one's own is begun. Writes never go there. */
  portfolioOf: string;
}

const principalOf = (context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
  if (!user) throw new SignedOut();
  return user;
};

/** The person who asks, for what is theirs alone: profile, sessions, jobs, imports, and everything that is written. */
export const Me = createParamDecorator((_: unknown, context: ExecutionContext): Principal => principalOf(context));

/** Whose portfolio is shown; for reads of accounts, holdings and figures. */
export const PortfolioOwner = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => principalOf(context).portfolioOf,
);

export const ADMIN_ONLY = 'scani:admin-only';
/** For the people who run the installation. */
export const AdminOnly = (): MethodDecorator & ClassDecorator => SetMetadata(ADMIN_ONLY, true);
