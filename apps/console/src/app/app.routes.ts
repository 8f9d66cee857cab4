import { Routes } from '@angular/router';
import { isAdmin, signedIn } from './shell/signed-out';

export const routes: Routes = [
  { path: 'sign-in', title: 'Sign in', loadComponent: () => import('./sign-in/sign-in') },
  { path: 'sign-in/link', title: 'Signing in', loadComponent: () => import('./sign-in/sign-in-link') },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell'),
    children: [
      { path: '', pathMatch: 'full', title: 'Dashboard', loadComponent: () => import('./dashboard/dashboard') },
      { path: 'start', title: 'Start', loadComponent: () => import('./start/start') },
      { path: 'holdings', title: 'Holdings', loadComponent: () => import('./holdings/holding-list') },
      { path: 'holdings/:id', title: 'Holding', loadComponent: () => import('./holdings/holding-page') },
      { path: 'accounts', title: 'Accounts', loadComponent: () => import('./accounts/account-list') },
      { path: 'accounts/:id', title: 'Account', loadComponent: () => import('./accounts/account-page') },
      { path: 'groups', title: 'Groups', loadComponent: () => import('./groups/group-list') },
      { path: 'vaults', title: 'Vaults', loadComponent: () => import('./vaults/vault-list') },
      { path: 'activity', title: 'Activity', loadComponent: () => import('./activity/activity') },
      { path: 'transfers', title: 'Transfers', loadComponent: () => import('./transfers/transfers') },
      { path: 'gains', title: 'Gains', loadComponent: () => import('./gains/gains') },
      { path: 'imports', title: 'Imports', loadComponent: () => import('./imports/import-list') },
      { path: 'imports/new', title: 'Import a file', loadComponent: () => import('./imports/new-import') },
      { path: 'imports/:id', title: 'Import', loadComponent: () => import('./imports/import-page') },
      { path: 'jobs', title: 'Jobs', loadComponent: () => import('./jobs/job-list') },
      { path: 'settings', title: 'Settings', loadComponent: () => import('./settings/settings') },
      { path: 'egress', title: 'What left this server', loadComponent: () => import('./egress/egress') },
      { path: 'more', title: 'More', loadComponent: () => import('./shell/more') },
      { path: 'admin', title: 'System', canActivate: [isAdmin], loadComponent: () => import('./admin/health') },
      { path: 'admin/users', title: 'People', canActivate: [isAdmin], loadComponent: () => import('./admin/users') },
      { path: 'admin/tier', title: 'Tier', canActivate: [isAdmin], loadComponent: () => import('./admin/tier') },
      { path: 'admin/egress', title: 'Egress', canActivate: [isAdmin], loadComponent: () => import('./admin/egress') },
      {
        path: 'admin/cloud-keys',
        title: 'Cloud keys',
        canActivate: [isAdmin],
        loadComponent: () => import('./admin/cloud-keys'),
      },
    ],
  },
  { path: '**', redirectTo: '' },
];
