import { GoTool } from './go-tool.ts';
import { onPath } from './processes.ts';

export const gatewayVersion = 'v1.8.0';

/** A real S3 server, built where there is none: two minutes, once. */
export class GatewayBuild extends GoTool {
  constructor() {
    super({ name: 'versitygw', path: 'github.com/versity/versitygw/cmd/versitygw', version: gatewayVersion });
  }

  override begin(): boolean {
    return onPath('minio', 'versitygw') ? false : super.begin();
  }
}
