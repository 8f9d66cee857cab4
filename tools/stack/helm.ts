import process from 'node:process';
import { GoTool } from './go-tool.ts';
import { onPath } from './processes.ts';

/** The versions that the chart is tested with. */
export const helm4 = { name: 'helm', path: 'helm.sh/helm/v4/cmd/helm', version: 'v4.3.1' };
export const helm3 = {
  name: 'helm',
  path: 'helm.sh/helm/v3/cmd/helm',
  version: 'v3.21.4',
  // Without these it takes every cluster that it does not know for a Kubernetes 1.20.
  ldflags: ['k8sVersionMajor=1', 'k8sVersionMinor=36']
    .map((value) => `-X helm.sh/helm/v3/pkg/chartutil.${value}`)
    .join(' '),
};

export const helmBuild = (): GoTool => new GoTool(helm4);

/** HELM, else the one that was built, else that of the machine. */
export function findHelm(): string | null {
  return process.env['HELM'] || helmBuild().program() || onPath('helm');
}
