import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'scani:public';

/** Doors are shut by default; this one may be used without being signed in. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
