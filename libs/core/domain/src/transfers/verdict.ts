/**
 * What became of a transfer entry. paired: it and one other are the two sides of one move. split: one side in several
 * parts. internal: between own accounts, the other side is kept by balances only. left-my-control: given away, paid or
 * lost. untracked: went to (came from) a place that is one's own and that Scani does not see.
 */
export const TRANSFER_VERDICTS = ['paired', 'internal', 'left-my-control', 'untracked', 'split'] as const;
export type TransferVerdict = (typeof TRANSFER_VERDICTS)[number];

/** Verdicts that one entry has by itself, and that a standing rule may give. */
export const LONE_VERDICTS = ['internal', 'left-my-control', 'untracked'] as const;
export type LoneVerdict = (typeof LONE_VERDICTS)[number];

/** Kinds that may be a side of a transfer. */
export const TRANSFER_KINDS = ['deposit', 'withdraw', 'transfer-in', 'transfer-out'] as const;
