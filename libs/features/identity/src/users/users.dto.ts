import { COST_BASIS_METHODS, type CostBasisMethod } from '@scani/domain';
import { CURRENCY_CODES } from '@scani/money';
import { ApiFlag, ApiId, ApiInstant, ApiList, ApiText, ApiWord, PageOf } from '@scani/runtime';
import { Transform } from 'class-transformer';
import { IsEmail, IsIn, IsOptional, IsString, IsTimeZone, Length, Matches, MaxLength } from 'class-validator';
import type { UserRow } from './users.service.js';

const ROLES = ['owner', 'admin'] as const;
type RoleWord = (typeof ROLES)[number];

/** The person who is signed in. */
export class Me {
  @ApiId() id!: string;
  @ApiText() email!: string;
  @ApiText({ nullable: true }) displayName!: string | null;
  @ApiWord('Role', ROLES) role!: RoleWord;
  @ApiText({ description: 'The currency in which totals are shown.' }) baseCurrency!: string;
  @ApiText() timeZone!: string;
  @ApiText() locale!: string;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS, { description: 'Which units count as sold.' })
  costBasisMethod!: CostBasisMethod;
  @ApiInstant() createdAt!: string;
  @ApiWord('PortfolioShown', ['own', 'demo'], { description: 'Which portfolio the reads show.' }) portfolio!:
    'own' | 'demo';
  @ApiFlag({ description: 'A portfolio of their own has been begun.' }) hasAccounts!: boolean;
}

export function meOf(row: UserRow): Me {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    baseCurrency: row.base_currency,
    timeZone: row.time_zone,
    locale: row.locale,
    costBasisMethod: row.cost_basis_method,
    createdAt: row.created_at.toISOString(),
    portfolio: row.sees_demo ? 'demo' : 'own',
    hasAccounts: row.began_at !== null,
  };
}

export class UpdateMe {
  @ApiText({ required: false, nullable: true, maxLength: 100, description: 'Null removes it.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  displayName?: string | null;
  @ApiText({ required: false })
  @IsOptional()
  @IsIn(CURRENCY_CODES, { message: 'must be the code of a currency that Scani knows, like EUR' })
  baseCurrency?: string;
  @ApiText({ required: false })
  @IsOptional()
  @IsTimeZone({ message: 'must be a time zone like Europe/Berlin' })
  timeZone?: string;
  @ApiText({ required: false })
  @IsOptional()
  @Matches(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { message: 'must be a locale like en-GB' })
  locale?: string;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS, { required: false })
  @IsOptional()
  @IsIn(COST_BASIS_METHODS)
  costBasisMethod?: CostBasisMethod;
}

/** Addresses are compared in lower case. */
export const NormalEmail = (): PropertyDecorator =>
  Transform(({ value }) => (typeof value === 'string' ? value.trim().toLowerCase() : value) as unknown);

export class User {
  @ApiId() id!: string;
  @ApiText() email!: string;
  @ApiText({ nullable: true }) displayName!: string | null;
  @ApiWord('Role', ROLES) role!: RoleWord;
  @ApiInstant() createdAt!: string;
  @ApiInstant({ nullable: true }) lastSeenAt!: string | null;
}
export class UserPage extends PageOf(User) {}

export function userOf(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}

export class UpdateUser {
  @ApiWord('Role', ROLES) @IsIn(ROLES) role!: RoleWord;
}

export class Invitation {
  @ApiId() id!: string;
  @ApiText() email!: string;
  @ApiInstant() createdAt!: string;
  @ApiInstant({ nullable: true }) acceptedAt!: string | null;
}
export class InvitationList {
  @ApiList(() => Invitation) items!: Invitation[];
}
export class CreateInvitation {
  @ApiText({ maxLength: 254 })
  @NormalEmail()
  @MaxLength(254)
  @IsEmail({}, { message: 'must be an e-mail address' })
  email!: string;
}
