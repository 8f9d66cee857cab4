export { AnsweredOnce } from './http/idempotency.interceptor.js';
export { AdminOnly, Me, PortfolioOwner, type Principal } from './http/principal.js';
export * from './identity.module.js';
export { identityEnv, type IdentitySettings } from './identity.settings.js';
export { LINK_MINUTES, openChallenge } from './sign-in/challenge.js';
export { sendSignInMailHandler } from './sign-in/send-sign-in-mail.job.js';
export { sendInvitationMailHandler } from './users/send-invitation-mail.job.js';
export { UsersService } from './users/users.service.js';
