/** What a plan gives where a key is issued with nothing else said. Costs in US dollars a month. */
export interface Plan {
  readonly hourlyQuota: number;
  readonly monthlyQuota: number;
  readonly costCeiling: string | null;
}

/** By name. One request may ask for 500 units, so no hour may hold fewer. */
export const PLANS = {
  trial: { hourlyQuota: 1_000, monthlyQuota: 20_000, costCeiling: '2' },
  personal: { hourlyQuota: 5_000, monthlyQuota: 500_000, costCeiling: '10' },
  team: { hourlyQuota: 25_000, monthlyQuota: 5_000_000, costCeiling: '100' },
  unlimited: { hourlyQuota: 1_000_000, monthlyQuota: 500_000_000, costCeiling: null },
} as const satisfies Record<string, Plan>;

export type PlanName = keyof typeof PLANS;
export const PLAN_NAMES = Object.keys(PLANS) as PlanName[];
export const SMALLEST_QUOTA = 500;
export const LARGEST_QUOTA = 2_000_000_000;
