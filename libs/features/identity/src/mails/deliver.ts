import { type CloudClient, CloudError, type CloudMail } from '@scani/cloud';
import { Unrepeatable } from '@scani/jobs';

const NOT_VALID = 422;

/** Hands a mail over to be sent. What is refused for good is a dead letter at once, so that an admin sees it soon. */
export async function deliver(cloud: CloudClient, mail: CloudMail): Promise<void> {
  try {
    await cloud.sendMail(mail);
  } catch (error) {
    if (error instanceof CloudError && error.about.status === NOT_VALID) {
      throw new Unrepeatable(error.problem ?? 'mail-refused', error.detail);
    }
    throw error;
  }
}
