import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'deposit', 'withdraw', 'transfer-in', 'transfer-out', 'buy', 'sell', 'dividend', 'interest', 'reward', 'airdrop',
  'fee', 'tax', 'adjustment', 'opening-balance'`;
const ACTIONS = `'split', 'spin-off', 'merger', 'symbol-change', 'return-of-capital'`;
const METHODS = `'fifo', 'lifo', 'hifo', 'average', 'section-104'`;

/** What companies do to their shares, which lots a person sold by name, and methods of single accounts. */
export class AddCorporateActions1795000008000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table corporate_action (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        account_id uuid not null,
        kind text not null check (kind in (${ACTIONS})),
        occurred_at timestamptz not null,
        ratio_new numeric check (ratio_new > 0),
        ratio_old numeric check (ratio_old > 0),
        cost_share numeric check (cost_share > 0 and cost_share < 1),
        recorded_at timestamptz not null default now(),
        unique (id, user_id),
        check ((ratio_new is null) = (ratio_old is null)),
        foreign key (account_id, user_id) references account (id, user_id) on delete cascade
      );
      create index corporate_action_of_user on corporate_action (user_id, occurred_at desc, id desc);

      alter table transaction add column action_id uuid;
      alter table transaction add constraint transaction_action foreign key (action_id, user_id)
        references corporate_action (id, user_id) on delete cascade;
      create index transaction_of_action on transaction (action_id) where action_id is not null;
      alter table transaction drop constraint transaction_kind_check;
      alter table transaction add constraint transaction_kind_check check (kind in (${KINDS}, ${ACTIONS}));

      create table lot_choice (
        user_id uuid not null references users on delete cascade,
        disposal_id uuid not null references transaction on delete cascade,
        acquisition_id uuid not null references transaction on delete cascade,
        quantity numeric not null check (quantity > 0),
        primary key (disposal_id, acquisition_id)
      );
      create index lot_choice_of_user on lot_choice (user_id);

      alter table users drop constraint users_cost_basis_method_check;
      alter table users add constraint users_cost_basis_method_check check (cost_basis_method in (${METHODS}, 'specific'));
      alter table account add column cost_basis_method text check (cost_basis_method in (${METHODS}, 'specific'));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table account drop column cost_basis_method;
      alter table users drop constraint users_cost_basis_method_check;
      alter table users add constraint users_cost_basis_method_check check (cost_basis_method in (${METHODS}));
      drop table lot_choice;
      alter table transaction drop constraint transaction_kind_check;
      alter table transaction add constraint transaction_kind_check check (kind in (${KINDS}));
      alter table transaction drop constraint transaction_action, drop column action_id;
      drop table corporate_action;
    `);
  }
}
