import { paths } from '../paths';
import type { IconName } from '../ui/icon-names';

export interface NavItem {
  label: string;
  icon: IconName;
  link: string;
  /** Only the exact address counts as being there. */
  exact?: boolean;
  badge?: 'imports' | 'jobs' | 'transfers';
}

export const PORTFOLIO: readonly NavItem[] = [
  { label: 'Dashboard', icon: 'layout-dashboard', link: paths.dashboard, exact: true },
  { label: 'Holdings', icon: 'coins', link: paths.holdings },
  { label: 'Accounts', icon: 'landmark', link: paths.accounts },
  { label: 'Groups', icon: 'tags', link: paths.groups },
  { label: 'Vaults', icon: 'vault', link: paths.vaults },
  { label: 'Gains', icon: 'arrow-up-right', link: paths.gains },
  { label: 'Activity', icon: 'history', link: paths.activity },
  { label: 'Transfers', icon: 'arrow-left-right', link: paths.transfers, badge: 'transfers' },
];
export const DATA: readonly NavItem[] = [
  { label: 'Imports', icon: 'upload', link: paths.imports, badge: 'imports' },
  { label: 'Jobs', icon: 'activity', link: paths.jobs, badge: 'jobs' },
];
export const ADMIN: readonly NavItem[] = [
  { label: 'System', icon: 'server', link: paths.admin, exact: true },
  { label: 'People', icon: 'users', link: paths.adminUsers },
];
export const SETTINGS: NavItem = { label: 'Settings', icon: 'settings', link: paths.settings };
export const TABS: readonly NavItem[] = [
  { label: 'Home', icon: 'house', link: paths.dashboard, exact: true },
  { label: 'Holdings', icon: 'coins', link: paths.holdings },
  { label: 'Accounts', icon: 'landmark', link: paths.accounts },
  { label: 'More', icon: 'ellipsis', link: paths.more },
];
