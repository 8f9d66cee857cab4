import { ApiProperty } from '@nestjs/swagger';
import { CHAIN_FAMILIES, type ChainFamily, WALLET_BATCH } from '@scani/cloud';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, Length, ValidateNested } from 'class-validator';

export const DIRECTIONS = ['in', 'out', 'fee'] as const;

export class ChainAssetIdentity {
  @ApiProperty({ type: String, example: 'coingecko' }) provider!: string;
  @ApiProperty({ type: String, example: 'ethereum' }) externalId!: string;
}

export class ChainAsset {
  @ApiProperty({ type: String, nullable: true, description: 'Contract or mint; null for what fees are paid in.' })
  contract!: string | null;
  @ApiProperty({ type: String, description: 'As the contract says: anybody can write anything there.', example: 'ETH' })
  symbol!: string;
  @ApiProperty({ type: String, example: 'Ether' }) name!: string;
  @ApiProperty({ type: 'integer', example: 18 }) decimals!: number;
  @ApiProperty({ type: [ChainAssetIdentity], description: 'By which price sources know it.' })
  identities!: readonly ChainAssetIdentity[];
}

export class Chain {
  @ApiProperty({ type: String, example: 'ethereum' }) id!: string;
  @ApiProperty({ type: String, example: 'Ethereum' }) name!: string;
  @ApiProperty({ enum: CHAIN_FAMILIES, enumName: 'ChainFamily', description: 'How its addresses are written.' })
  family!: ChainFamily;
  @ApiProperty({ type: ChainAsset }) native!: ChainAsset;
  @ApiProperty({ type: String, description: 'A page of an address is at /address/<address> below it.' })
  explorer!: string;
  @ApiProperty({ type: Boolean, description: 'Whether it is read now: some need a key that may not be set.' })
  offered!: boolean;
}

export class Chains {
  @ApiProperty({ type: [Chain] }) chains!: Chain[];
}

export class Wallet {
  @ApiProperty({ type: String, example: 'bitcoin' }) @IsString() @Length(1, 50) chain!: string;
  @ApiProperty({ type: String, example: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' })
  @IsString()
  @Length(1, 100)
  address!: string;
}

export class Wallets {
  @ApiProperty({ type: [Wallet], maxItems: WALLET_BATCH })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(WALLET_BATCH)
  @ValidateNested({ each: true })
  @Type(() => Wallet)
  wallets!: Wallet[];
}

export class WalletPage extends Wallet {
  @ApiProperty({ type: String, required: false, description: 'Of the page before; without it from the beginning.' })
  @IsOptional()
  @IsString()
  @Length(1, 2_000)
  cursor?: string;
}

export class NameQuestion {
  @ApiProperty({ type: String, example: 'vitalik.eth' }) @IsString() @Length(3, 255) name!: string;
}

export class Balance {
  @ApiProperty({ type: ChainAsset }) asset!: ChainAsset;
  @ApiProperty({ type: String, description: 'Exact decimal text, above zero.', example: '0.05' }) quantity!: string;
}

export class WalletBalances {
  @ApiProperty({ type: String, format: 'date-time' }) at!: string;
  @ApiProperty({ type: [Balance] }) balances!: readonly Balance[];
  @ApiProperty({ type: [String], description: 'What could not be read, in words for people.' })
  gaps!: readonly string[];
}

export class WalletProblem {
  @ApiProperty({ type: String, example: 'limited' }) reason!: string;
  @ApiProperty({ type: String }) detail!: string;
  @ApiProperty({ type: 'integer', nullable: true }) retryAfterSeconds!: number | null;
}

export class WalletAnswer {
  @ApiProperty({ type: WalletBalances, nullable: true }) balances!: WalletBalances | null;
  @ApiProperty({ type: WalletProblem, nullable: true, description: 'Why there are no balances.' })
  problem!: WalletProblem | null;
}

export class WalletAnswers {
  @ApiProperty({ type: [WalletAnswer], description: 'In the order in which the wallets were asked for.' })
  wallets!: WalletAnswer[];
}

export class ChainMovement {
  @ApiProperty({ type: String, description: 'Unique within the wallet, the same whenever it is asked for.' })
  externalId!: string;
  @ApiProperty({ type: String }) transactionId!: string;
  @ApiProperty({ type: String, format: 'date-time' }) at!: string;
  @ApiProperty({
    enum: DIRECTIONS,
    enumName: 'MovementDirection',
    description: 'A fee is what the wallet paid to the chain.',
  })
  direction!: (typeof DIRECTIONS)[number];
  @ApiProperty({ type: String, description: 'Exact decimal text, above zero.' }) quantity!: string;
  @ApiProperty({ type: ChainAsset }) asset!: ChainAsset;
  @ApiProperty({ type: String, nullable: true, description: 'The other side, where there is exactly one.' })
  counterparty!: string | null;
}

export class ChainMovements {
  @ApiProperty({ type: [ChainMovement], description: 'In any order.' }) movements!: readonly ChainMovement[];
  @ApiProperty({ type: String, description: 'Where to go on, now or after weeks.' }) cursor!: string;
  @ApiProperty({ type: Boolean, description: 'False when everything up to now has been told.' }) more!: boolean;
}

export class ResolvedName {
  @ApiProperty({ type: String, example: 'vitalik.eth' }) name!: string;
  @ApiProperty({ enum: CHAIN_FAMILIES, enumName: 'ChainFamily' }) family!: ChainFamily;
  @ApiProperty({ type: String, example: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045' }) address!: string;
}
