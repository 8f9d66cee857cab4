import { CHAIN_FAMILIES, type ChainFamily } from '@scani/cloud';
import { ApiFlag, ApiId, ApiInstant, ApiInteger, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsOptional, IsString, Length } from 'class-validator';

/** A network on which somebody may have a wallet. */
export class Chain {
  @ApiText() id!: string;
  @ApiText() name!: string;
  @ApiWord('ChainFamily', CHAIN_FAMILIES, { description: 'How its addresses are written.' }) family!: ChainFamily;
  @ApiText({ description: 'Symbol of the coin in which its fees are paid.' }) symbol!: string;
  @ApiFlag({ description: 'Whether it is read here now.' }) offered!: boolean;
  @ApiText({ nullable: true, description: 'Why it is not offered, and what its operator must do.' })
  missing!: string | null;
}
export class ChainList {
  @ApiList(() => Chain) items!: Chain[];
  @ApiText({ nullable: true, description: 'Why no chain can be asked right now, or null.' }) unavailable!:
    string | null;
}

export class AddressQuery {
  @ApiText({ minLength: 1, maxLength: 300, description: 'An address, or a name like alice.eth.' })
  @IsString()
  @Length(1, 300)
  text!: string;
}
/** The same address on one chain. */
export class AddressPlace {
  @ApiPart(() => Chain) chain!: Chain;
  @ApiText({ description: 'As it is written there.' }) address!: string;
  @ApiId({ nullable: true, description: 'My wallet there, where it is followed already.' }) walletId!: string | null;
}
/** What a text that was pasted is. */
export class WalletAddress {
  @ApiText({ nullable: true, description: 'The name that led to it.' }) name!: string | null;
  @ApiList(() => AddressPlace) places!: AddressPlace[];
  @ApiText({ nullable: true, description: 'What is wrong with it, in a sentence.' }) problem!: string | null;
}

export class CreateWallets {
  @ApiText({ maxLength: 300, description: 'An address, or a name like alice.eth.' })
  @IsString()
  @Length(1, 300)
  address!: string;
  @ApiList(() => String, { description: 'Ids of the chains on which it is to be followed.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  chains!: string[];
  @ApiText({
    required: false,
    maxLength: 100,
    description: 'What you call it; the accounts of one wallet stand together.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;
}
export class UpdateWallet {
  @ApiText({ maxLength: 100, description: 'Of its account.' }) @IsString() @Length(1, 100) name!: string;
}

const SYNC_STATES = ['waiting', 'active'] as const;
/** A sync that is asked for and has not ended. */
export class WalletSync {
  @ApiId() jobId!: string;
  @ApiWord('WalletSyncState', SYNC_STATES) state!: (typeof SYNC_STATES)[number];
  @ApiInteger({ description: 'Movements that were read.' }) done!: number;
  @ApiFlag() canCancel!: boolean;
}
export class WalletProblem {
  @ApiText() code!: string;
  @ApiText({ description: 'What went wrong, in a sentence.' }) detail!: string;
  @ApiText({ description: 'What to do about it, in a sentence.' }) remedy!: string;
}

/** An address on a chain that is followed: its movements and balances come into its account by themselves. */
export class Wallet {
  @ApiId() id!: string;
  @ApiId() accountId!: string;
  @ApiText({ description: 'Of its account.' }) name!: string;
  @ApiText() chain!: string;
  @ApiText() chainName!: string;
  @ApiText() address!: string;
  @ApiText({ nullable: true, description: 'The name that led to it when it was added.' }) publicName!: string | null;
  @ApiText({ nullable: true, description: 'Where it can be looked at.' }) explorerUrl!: string | null;
  @ApiInstant({ nullable: true, description: 'As of when everything is known; null before the first sync has ended.' })
  syncedAt!: string | null;
  @ApiPart(() => WalletSync, { nullable: true }) sync!: WalletSync | null;
  @ApiPart(() => WalletProblem, { nullable: true, description: 'Why the last sync did not get through.' })
  problem!: WalletProblem | null;
  @ApiList(() => String, { description: 'What the source of its chain could not tell.' }) gaps!: string[];
  @ApiInstant() createdAt!: string;
}
export class WalletList {
  @ApiList(() => Wallet) items!: Wallet[];
}
